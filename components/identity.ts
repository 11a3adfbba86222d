import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./place";
import type { Grant, Principal, Roles } from "./roles";

export interface IdentityArgs {
  readonly place: Place;
  /** Required. Name in Azure. */
  readonly identityName: string;
  /** Required. Ledger that its roles are granted through. */
  readonly roles: Roles;
}

/**
 * A user-assigned identity with its roles. It comes before what it may use, so its roles follow later:
 *
 *     const identity = new Identity("workspace-identity", { place, identityName, roles });
 *     const vault = new KeyVault("key-vault", …);
 *     identity.allow([{ role: "Key Vault Administrator", scope: vault.scope }]);
 *     new Workspace("workspace", …, { dependsOn: identity.grants });
 */
export class Identity extends pulumi.ComponentResource implements Principal {
  readonly key: string;
  /** ARM id. */
  readonly id: pulumi.Output<string>;
  /** Object id in the directory. */
  readonly principalId: pulumi.Output<string>;
  /** What a program asks a token with. */
  readonly clientId: pulumi.Output<string>;
  /** Role assignments declared so far; empty where somebody else must make them. */
  readonly grants: pulumi.Resource[] = [];
  private readonly roles: Roles;

  constructor(
    name: string,
    { place, identityName, roles }: IdentityArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("genaiops:platform:Identity", name, {}, opts);
    const identity = new managedidentity.UserAssignedIdentity(
      name,
      {
        resourceGroupName: place.resourceGroup,
        resourceName: identityName,
        location: place.location,
        tags: place.tags,
      },
      { parent: this },
    );
    this.key = name;
    this.roles = roles;
    this.id = identity.id;
    this.principalId = identity.principalId;
    this.clientId = identity.clientId;
    this.registerOutputs({ id: this.id, principalId: this.principalId, clientId: this.clientId });
  }

  allow(grants: readonly Grant[]): void {
    this.grants.push(...this.roles.grant(this.key, this, grants, { parent: this }));
  }
}
