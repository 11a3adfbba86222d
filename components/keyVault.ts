import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../config/names";
import type { Settings } from "../config/settings";
import { sendLogs } from "./diagnostics";
import type { Identities } from "./identities";
import type { Identity } from "./identity";
import { lock } from "./lock";
import { adoptedId, type Place } from "./place";
import type { Grant, Scope } from "./roles";

export interface KeyVaultArgs {
  readonly place: Place;
  readonly settings: Pick<Settings, "keyVault">;
  readonly names: Pick<Names, "keyVault">;
  readonly logAnalytics: pulumi.Input<string>;
  /** Required. The workspace's identity keeps secrets here, the endpoints' identities read them. */
  readonly identities: Identities;
}

/** The workspace's key vault. Access is by roles, or by access policies where a tenant still asks for them. */
export class KeyVault extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly vaultName: pulumi.Output<string>;
  readonly scope: Scope;
  /** Roles that a writer needs; none where the vault's own policies say who may. */
  readonly writerRoles: readonly Grant[];
  /** Roles that a reader needs. */
  readonly readerRoles: readonly Grant[];

  constructor(name: string, args: KeyVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:KeyVault", name, {}, opts);
    const vault = this.vault(name, args);
    this.id = vault.id;
    this.vaultName = vault.name;
    this.scope = { key: name, id: vault.id };
    const settings = args.settings.keyVault;
    const byRoles = settings.mode === "existing" || settings.access === "rbac";
    this.writerRoles = byRoles ? [{ role: "Key Vault Administrator", scope: this.scope }] : [];
    this.readerRoles = byRoles ? [{ role: "Key Vault Secrets User", scope: this.scope }] : [];
    this.registerOutputs({ id: this.id, vaultName: this.vaultName });
  }

  private vault(name: string, args: KeyVaultArgs) {
    const { place, names } = args;
    const settings = args.settings.keyVault;
    if (settings.mode === "existing") {
      const id = adoptedId(place, settings, "Microsoft.KeyVault/vaults");
      return keyvault.Vault.get(name, id, { parent: this });
    }
    const vault = new keyvault.Vault(
      name,
      {
        resourceGroupName: place.resourceGroup,
        vaultName: names.keyVault,
        location: place.location,
        properties: {
          tenantId: place.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: settings.access === "rbac",
          accessPolicies: settings.access === "rbac" ? [] : accessPolicies(args),
          enableSoftDelete: true,
          softDeleteRetentionInDays: settings.retentionDays,
          // Azure refuses an explicit false (Azure/azure-cli#29115).
          ...(settings.purgeProtection ? { enablePurgeProtection: true } : {}),
          enabledForDeployment: false,
          enabledForDiskEncryption: false,
          enabledForTemplateDeployment: false,
          publicNetworkAccess: place.isolation.publicNetworkAccess,
          networkAcls: { bypass: "AzureServices", defaultAction: place.isolation.defaultAction },
        },
        tags: place.tags,
      },
      { parent: this, protect: place.protect },
    );
    const { logAnalytics } = args;
    const logs = { categories: ["AuditEvent"] };
    sendLogs(`${name}.logs`, { logAnalytics, resource: vault.id, logs }, { parent: this });
    if (place.protect) lock(`${name}.lock`, vault, { parent: this });
    return vault;
  }
}

/** A PUT of the vault replaces all its policies, so they stand here and in no resource of their own. */
function accessPolicies({ place: { tenantId }, identities }: KeyVaultArgs) {
  const policy = ({ principalId }: Identity, secrets: string[]) => ({
    tenantId,
    objectId: principalId,
    permissions: { secrets },
  });
  const writers = identities.workspace ? [identities.workspace] : [];
  return [
    ...writers.map((identity) => policy(identity, ["get", "list", "set", "delete", "recover"])),
    ...identities.endpoints.map(({ identity }) => policy(identity, ["get", "list"])),
  ];
}
