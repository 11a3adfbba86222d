import { importImage } from "../images";
import { guid } from "../ids";
import { valueAt } from "../paths";
import { registryRules } from "../rules/containerRegistry";
import { vaultDays, vaultOnCreate, vaultOnPurge, vaultRules } from "../rules/keyVault";
import { refuse } from "../rules/rule";
import { blobRules, storageRules } from "../rules/storage";
import { nameRules } from "./names";
import type { ResourceType } from "./type";

const inGroup = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";
const account = `${inGroup}/Microsoft.Storage/storageAccounts/{accountName}`;
const vault = `${inGroup}/Microsoft.KeyVault/vaults/{vaultName}`;
const succeeded = { "properties.provisioningState": () => "Succeeded" };

const services = ["blob", "file", "queue", "table", "dfs", "web"];

/** What keeps files, secrets and images. */
export const dataTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:storage:StorageAccount": {
    path: account,
    name: {
      min: 3,
      max: 24,
      pattern: /^[a-z0-9]+$/,
      says: "lower-case letters and digits",
      invalidCode: "AccountNameInvalid",
      unique: "global",
      takenCode: "StorageAccountAlreadyTaken",
      source: nameRules,
    },
    renamed: {
      enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
      enableNfsV3: "isNfsV3Enabled",
      networkRuleSet: "networkAcls",
      "networkRuleSet.ipRules.*.iPAddressOrRange": "networkAcls.ipRules.*.value",
      "networkRuleSet.virtualNetworkRules.*.virtualNetworkResourceId":
        "networkAcls.virtualNetworkRules.*.id",
      "encryption.keyVaultProperties": "encryption.keyvaultproperties",
      "encryption.keyVaultProperties.keyName": "encryption.keyvaultproperties.keyname",
      "encryption.keyVaultProperties.keyVaultUri": "encryption.keyvaultproperties.keyvaulturi",
      "encryption.keyVaultProperties.keyVersion": "encryption.keyvaultproperties.keyversion",
    },
    // allowSharedKeyAccess: an absent value means true (REST Storage Accounts - Create).
    defaults: {
      "properties.minimumTlsVersion": "TLS1_0",
      "properties.supportsHttpsTrafficOnly": true,
      "properties.accessTier": "Hot",
    },
    immutable: [
      {
        path: "properties.isHnsEnabled",
        replaces: false,
        source: "learn.microsoft.com/azure/storage/blobs/upgrade-to-data-lake-storage-gen2-how-to",
      },
      {
        path: "properties.isNfsV3Enabled",
        source: "swagger storage.json, x-ms-mutability create, read",
      },
      {
        path: "properties.encryption.requireInfrastructureEncryption",
        replaces: false,
        source: "learn.microsoft.com/azure/storage/common/infrastructure-encryption-enable",
      },
    ],
    computed: {
      ...succeeded,
      "properties.creationTime": ({ now }) => new Date(now).toISOString(),
      "properties.primaryLocation": ({ location }) => location,
      "properties.statusOfPrimary": () => "available",
      "properties.primaryEndpoints": ({ name }) =>
        Object.fromEntries(
          services.map((service) => [service, `https://${name}.${service}.core.windows.net/`]),
        ),
    },
    writeRules: storageRules,
    actions: {
      listKeys: ({ id }) => ({
        status: 200,
        body: {
          keys: ["key1", "key2"].map((keyName) => ({
            keyName,
            permissions: "FULL",
            value: guid(id, keyName),
          })),
        },
      }),
    },
    brings: [
      {
        token: "azure-native:storage:BlobServiceProperties",
        id: ({ id }) => `${id}/blobServices/default`,
        body: () => ({ properties: {} }),
      },
    ],
  },
  "azure-native:storage:BlobServiceProperties": {
    path: `${account}/blobServices/{blobServicesName}`,
    fixedName: "default",
    always: true,
    writeRules: blobRules,
  },
  "azure-native:storage:BlobContainer": {
    path: `${account}/blobServices/default/containers/{containerName}`,
    name: {
      min: 3,
      max: 63,
      pattern: /^[a-z0-9](?:[a-z0-9]|-(?!-))*[a-z0-9]$/,
      says: "lower-case letters, digits and single hyphens, starting and ending with a letter or digit",
      source: nameRules,
    },
  },
  "azure-native:keyvault:Vault": {
    path: vault,
    name: {
      min: 3,
      max: 24,
      pattern: /^[A-Za-z](?:[A-Za-z0-9]|-(?!-))*[A-Za-z0-9]$/,
      says: "letters, digits and single hyphens, starting with a letter, ending with a letter or digit",
      invalidCode: "VaultNameNotValid",
      unique: "global",
      takenCode: "VaultAlreadyExists",
      source: nameRules,
    },
    sticky: ["properties.enablePurgeProtection", "properties.softDeleteRetentionInDays"],
    defaults: {
      "properties.enableSoftDelete": true,
      "properties.softDeleteRetentionInDays": 90,
      "properties.publicNetworkAccess": "Enabled",
      "properties.enabledForDeployment": false,
    },
    immutable: [
      {
        path: "properties.softDeleteRetentionInDays",
        replaces: false,
        code: "BadRequest",
        source: "learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
      },
    ],
    computed: {
      ...succeeded,
      "properties.vaultUri": ({ name }) => `https://${name.toLowerCase()}.vault.azure.net/`,
    },
    writeOnly: ["properties.createMode"],
    softDelete: {
      days: vaultDays,
      unique: "global",
      onCreate: vaultOnCreate,
      onPurge: vaultOnPurge,
      purge: {
        method: "POST",
        path: "/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}/purge",
      },
      source: "learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
    },
    writeRules: vaultRules,
  },
  "azure-native:keyvault:Secret": {
    path: `${vault}/secrets/{secretName}`,
    name: {
      min: 1,
      max: 127,
      pattern: /^[-A-Za-z0-9]+$/,
      says: "letters, digits and hyphens",
      source: nameRules,
    },
    locationOptional: true,
    computed: {
      "properties.secretUri": ({ name, parameters }) =>
        `https://${parameters["vaultName"]?.toLowerCase()}.vault.azure.net/secrets/${name}`,
      "properties.secretUriWithVersion": ({ id, name, body, parameters }) =>
        `https://${parameters["vaultName"]?.toLowerCase()}.vault.azure.net/secrets/${name}/${guid(id, String(valueAt(body, "properties.value"))).replace(/-/g, "")}`,
    },
    secrets: ["properties.value"],
  },
  "azure-native:containerregistry:Registry": {
    path: `${inGroup}/Microsoft.ContainerRegistry/registries/{registryName}`,
    name: {
      min: 5,
      max: 50,
      pattern: /^[A-Za-z0-9]+$/,
      says: "letters and digits",
      unique: "global",
      takenCode: "AlreadyInUse",
      source: nameRules,
    },
    defaults: {
      "properties.adminUserEnabled": false,
      "properties.anonymousPullEnabled": false,
      "properties.dataEndpointEnabled": false,
      "properties.publicNetworkAccess": "Enabled",
      "properties.networkRuleBypassOptions": "AzureServices",
      "properties.zoneRedundancy": "Disabled",
    },
    immutable: [
      {
        path: "properties.zoneRedundancy",
        replaces: false,
        source: "learn.microsoft.com/azure/container-registry/zone-redundancy",
      },
    ],
    computed: {
      ...succeeded,
      "properties.loginServer": ({ name }) => `${name.toLowerCase()}.azurecr.io`,
      "properties.creationDate": ({ now }) => new Date(now).toISOString(),
    },
    writeRules: registryRules,
    actions: {
      importImage,
      listCredentials: ({ id, name, body }) =>
        valueAt(body, "properties.adminUserEnabled") === true
          ? {
              status: 200,
              body: {
                username: name,
                passwords: [{ name: "password", value: guid(id, "password") }],
              },
            }
          : refuse(
              400,
              "UnAuthorizedForCredentialOperations",
              `Admin user is not enabled for registry '${name}'.`,
            ),
    },
  },
};
