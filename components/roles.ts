import * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { roleAssignmentName } from "../config/names";
import { builtInRoles, type Role } from "../config/roles";

/** Who gets a role. The key is a stable word of this program; the assignment's GUID is made of it. */
export interface Principal {
  readonly key: string;
  readonly principalId: pulumi.Input<string>;
}

/** What a role is granted on. */
export interface Scope {
  readonly key: string;
  /** ARM id. */
  readonly id: pulumi.Input<string>;
  /** Optional. @default the subscription of the stack */
  readonly subscriptionId?: string;
}

export interface Grant {
  readonly role: Role;
  readonly scope: Scope;
  /** Optional. What the role may not be used for otherwise, in Azure's language of conditions. @default none */
  readonly condition?: string;
}

/** A role assignment that somebody with more rights must make. */
export interface RoleToGrant {
  readonly principal: string;
  readonly principalId: pulumi.Input<string>;
  readonly role: Role;
  /** ARM id. */
  readonly scope: pulumi.Input<string>;
}

/**
 * The one place where roles are granted. A deployer with the rights of Owner declares role assignments; one
 * with Contributor cannot make any in Azure, so each is noted in `toGrant` for somebody else to make.
 */
export class Roles {
  readonly toGrant: RoleToGrant[] = [];
  private readonly declares: boolean;
  private readonly subscriptionId: string;
  private readonly place: string;

  constructor({ settings, subscriptionId, project, stack, names }: Environment) {
    this.declares = settings.deployer.rights === "Owner";
    this.subscriptionId = subscriptionId;
    // An assignment's GUID is unique in a whole tenant, so two stacks must never make the same one.
    this.place = [project, stack, subscriptionId.toLowerCase(), names.suffix].join("/");
  }

  /** Grant or note roles. What it returns belongs into `dependsOn` of all that needs them. */
  grant(
    name: string,
    principal: Principal,
    grants: readonly Grant[],
    opts: pulumi.CustomResourceOptions,
  ): authorization.RoleAssignment[] {
    if (this.declares) {
      return grants.map((grant) => this.declare(name, principal, grant, opts));
    }
    for (const { role, scope } of grants) {
      const { key, principalId } = principal;
      this.toGrant.push({ principal: key, principalId, role, scope: scope.id });
    }
    return [];
  }

  private declare(
    name: string,
    principal: Principal,
    { role, scope, condition }: Grant,
    opts: pulumi.CustomResourceOptions,
  ): authorization.RoleAssignment {
    const { subscriptionId = this.subscriptionId } = scope;
    return new authorization.RoleAssignment(
      `${name}.${scope.key}.${role.toLowerCase().replace(/ /g, "-")}`,
      {
        roleAssignmentName: roleAssignmentName(`${this.place}/${scope.key}`, principal.key, role),
        principalId: principal.principalId,
        // Without it Azure looks a new identity up in the directory before it is replicated, and fails.
        principalType: "ServicePrincipal",
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles[role]}`,
        scope: scope.id,
        ...(condition === undefined ? {} : { condition, conditionVersion: "2.0" }),
      },
      opts,
    );
  }
}
