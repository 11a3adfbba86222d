import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./place";
import type { Grant, Principal, Roles } from "./roles";

/** A component that roles are granted to. */
export abstract class Grantee extends pulumi.ComponentResource implements Principal {
  readonly key: string;
  /** Object id in the directory. */
  abstract readonly principalId: pulumi.Output<string>;
  /** Role assignments declared so far; empty where somebody else must make them. */
  readonly grants: pulumi.Resource[] = [];

  constructor(
    type: string,
    name: string,
    private readonly roles: Roles,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, opts);
    this.key = name;
  }

  /** Grant roles, or note them. What needs them depends on `grants`. */
  allow(grants: readonly Grant[]): void {
    this.grants.push(...this.roles.grant(this.key, this, grants, { parent: this }));
  }
}

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
 *     const storage = new Storage("storage", …);
 *     identity.allow([{ role: "Storage Blob Data Reader", scope: storage.scope }]);
 *     new Workspace("workspace", { identity, … });
 */
export class Identity extends Grantee {
  /** ARM id. */
  readonly id: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  /** Name in Azure. */
  readonly identityName: pulumi.Output<string>;
  /** What a program asks a token with. */
  readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Identity", name, args.roles, opts);
    const identity = createUserAssigned(name, args, { parent: this });
    this.id = identity.id;
    this.identityName = identity.name;
    this.principalId = identity.principalId;
    this.clientId = identity.clientId;
    this.registerOutputs({ id: this.id, principalId: this.principalId, clientId: this.clientId });
  }
}

export function createUserAssigned(
  name: string,
  { place, identityName }: Pick<IdentityArgs, "place" | "identityName">,
  opts: pulumi.CustomResourceOptions,
): managedidentity.UserAssignedIdentity {
  return new managedidentity.UserAssignedIdentity(
    name,
    {
      resourceGroupName: place.resourceGroup,
      resourceName: identityName,
      location: place.location,
      tags: place.tags,
    },
    opts,
  );
}
