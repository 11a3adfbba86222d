import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../config/names";
import type { Settings } from "../config/settings";
import { sendLogs } from "./diagnostics";
import { lock } from "./lock";
import { adoptedId, type Place } from "./place";
import type { Scope } from "./roles";

export interface StorageArgs {
  readonly place: Place;
  readonly settings: Pick<Settings, "storage">;
  readonly names: Pick<Names, "storage">;
  /** Required. ARM id of the Log Analytics workspace. */
  readonly logAnalytics: pulumi.Input<string>;
}

/** The workspace's storage account: Entra tokens only, nothing public, deletes that can be undone. */
export class Storage extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  readonly scope: Scope;

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Storage", name, {}, opts);
    const account = this.account(name, args);
    this.id = account.id;
    this.accountName = account.name;
    this.scope = { key: name, id: account.id };
    this.registerOutputs({ id: this.id, accountName: this.accountName });
  }

  private account(name: string, args: StorageArgs) {
    const { place, names, logAnalytics } = args;
    const settings = args.settings.storage;
    if (settings.mode === "existing") {
      const id = adoptedId(place, settings, "Microsoft.Storage/storageAccounts");
      return storage.StorageAccount.get(name, id, { parent: this });
    }
    const account = new storage.StorageAccount(
      name,
      {
        resourceGroupName: place.resourceGroup,
        accountName: names.storage,
        location: place.location,
        kind: "StorageV2",
        sku: { name: `Standard_${settings.replication ?? defaultReplication(place)}` },
        ...secure,
        publicNetworkAccess: place.isolation.publicNetworkAccess,
        networkRuleSet: { bypass: "AzureServices", defaultAction: place.isolation.defaultAction },
        tags: place.tags,
      },
      { parent: this, protect: place.protect },
    );
    const keepDeleted = { enabled: true, days: 14 };
    new storage.BlobServiceProperties(
      `${name}.blobs`,
      {
        resourceGroupName: place.resourceGroup,
        accountName: account.name,
        blobServicesName: "default",
        deleteRetentionPolicy: keepDeleted,
        containerDeleteRetentionPolicy: keepDeleted,
      },
      { parent: this, deletedWith: account },
    );
    // Who read a dataset and who wrote a model is asked after the fact: CKV2_AZURE_21, Azure.Storage logs.
    const logs = { categories: ["StorageRead", "StorageWrite", "StorageDelete"] };
    const resource = pulumi.interpolate`${account.id}/blobServices/default`;
    sendLogs(`${name}.blobs.logs`, { logAnalytics, resource, logs }, { parent: this });
    if (place.protect) lock(`${name}.lock`, account, { parent: this });
    return account;
  }
}

/** Azure.Storage.* of PSRule, CKV_AZURE_3/44/59/190/206/244, CKV2_AZURE_38/40/41/47. */
const secure = {
  allowSharedKeyAccess: false,
  defaultToOAuthAuthentication: true,
  allowBlobPublicAccess: false,
  allowCrossTenantReplication: false,
  enableHttpsTrafficOnly: true,
  isLocalUserEnabled: false,
  minimumTlsVersion: "TLS1_2",
  encryption: {
    keySource: "Microsoft.Storage",
    requireInfrastructureEncryption: true,
    services: {
      blob: { enabled: true, keyType: "Account" },
      file: { enabled: true, keyType: "Account" },
    },
  },
  sasPolicy: { expirationAction: "Log", sasExpirationPeriod: "1.00:00:00" },
} satisfies Partial<storage.StorageAccountArgs>;

/** Copies in three zones and a second region where zones count, else three copies in one building. */
function defaultReplication({ zoneRedundant }: Place): "GZRS" | "LRS" {
  return zoneRedundant ? "GZRS" : "LRS";
}
