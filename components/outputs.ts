import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { connectionNotices } from "./connections";
import type { DevOpsOutputs } from "./devops/devops";
import type { Deployer } from "./deployer";
import type { ArmOutputs, DeployedFlow } from "./flowTarget";
import type { RoleToGrant, Roles } from "./roles";
import type { Resolution } from "./versions";
import type { Workspace } from "./workspace";

/** What a stack tells its readers: people, pipelines and commands. */
export interface StackOutputs {
  readonly workspace: { readonly id: pulumi.Output<string>; readonly name: pulumi.Output<string> };
  /** Who deploys from pipelines; the client id is absent where the deployer existed before. */
  readonly deployer: {
    readonly principalId: pulumi.Output<string>;
    readonly clientId?: pulumi.Output<string>;
  };
  /** By flow. */
  readonly endpoints: Readonly<Record<string, EndpointOutputs>>;
  /** Absent where the settings have no `devops`. */
  readonly devOps?: DevOpsOutputs;
  /** Role assignments that somebody with the rights of Owner must make; empty where the stack made them. */
  readonly rolesToGrant: readonly RoleToGrant[];
  /** What a reader should know and need not mend at once. */
  readonly notices: readonly string[];
}

export interface EndpointOutputs {
  /** Name in Azure. */
  readonly name: pulumi.Output<string>;
  readonly scoringUri: pulumi.Output<string>;
  /** Model version and percent of the requests by arm. */
  readonly arms: Readonly<Record<string, ArmOutputs>>;
}

export function stackOutputs(args: {
  readonly environment: Environment;
  readonly workspace: Workspace;
  readonly flows: ReadonlyMap<string, DeployedFlow>;
  readonly roles: Roles;
  readonly deployer: Deployer;
  readonly resolution: Resolution;
  readonly devOps: DevOpsOutputs | undefined;
}): StackOutputs {
  const { environment, workspace, flows, roles, deployer, resolution, devOps } = args;
  return {
    workspace: { id: workspace.id, name: workspace.workspaceName },
    deployer: {
      principalId: deployer.principalId,
      ...(deployer.clientId ? { clientId: deployer.clientId } : {}),
    },
    endpoints: Object.fromEntries(
      [...flows].map(([flow, { endpointName, scoringUri, arms }]) => [
        flow,
        { name: endpointName, scoringUri, arms },
      ]),
    ),
    ...(devOps ? { devOps } : {}),
    rolesToGrant: roles.toGrant,
    notices: [
      ...environment.notices,
      ...resolution.notices,
      ...connectionNotices(environment.settings.connections),
    ],
  };
}
