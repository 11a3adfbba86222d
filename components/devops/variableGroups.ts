import * as keyvault from "@pulumi/azure-native/keyvault";
import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { DevOpsNames } from "../../config/devopsNames";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { Place } from "../place";
import type { Secret } from "../secrets";
import type { Project } from "./project";
import type { ServiceConnection } from "./serviceConnection";

/** What users of the system have under these names since its predecessor. */
export interface PlatformVariables {
  readonly AZURE_RM_SVC_CONNECTION: pulumi.Input<string>;
  readonly rg_name: pulumi.Input<string>;
  readonly ws_name: pulumi.Input<string>;
  readonly kv_name: pulumi.Input<string>;
  readonly COMPUTE_TARGET: pulumi.Input<string>;
  readonly DOCKER_IMAGE_REGISTRY: pulumi.Input<string>;
  /** A line `NAME=value` for each. */
  readonly ENV_VARS: pulumi.Input<string>;
}

export interface VariableGroupsArgs {
  readonly project: Project;
  readonly place: Place;
  readonly names: Pick<DevOpsNames, "variableGroup" | "secretGroup">;
  readonly settings: Pick<DevOpsSettings, "secrets">;
  readonly variables: PlatformVariables;
  readonly vaultName: pulumi.Output<string>;
  /** Required. Connection by which the service reads the vault. */
  readonly connection: ServiceConnection;
  /** Required. Roles by which that connection's identity reads it. */
  readonly grants: readonly pulumi.Resource[];
  /** Required. Reads a named secret of the stack. */
  readonly secret: Secret;
}

/** The variables of pipelines: names in one group, and secrets in one that only points at the key vault. */
export class VariableGroups extends pulumi.ComponentResource {
  readonly variables: azuredevops.VariableGroup;
  /** Absent where the settings name no secrets. */
  readonly secrets?: azuredevops.VariableGroup;

  constructor(name: string, args: VariableGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:VariableGroups", name, {}, opts);
    const { project, names, settings, variables } = args;
    this.variables = new azuredevops.VariableGroup(
      name,
      {
        projectId: project.id,
        name: names.variableGroup,
        description: "Names of the platform; holds no secret",
        allowAccess: false,
        variables: Object.entries(variables).map(([variable, value]) => ({
          name: variable,
          value: value as pulumi.Input<string>,
        })),
      },
      { parent: this, deletedWith: project.created },
    );
    if (settings.secrets.length > 0) this.secrets = this.link(name, args);
    this.registerOutputs({});
  }

  private link(name: string, args: VariableGroupsArgs): azuredevops.VariableGroup {
    const { project, names, settings, vaultName, connection, grants } = args;
    return new azuredevops.VariableGroup(
      `${name}.secrets`,
      {
        projectId: project.id,
        name: names.secretGroup,
        description: "Secrets of the key vault, read when a run begins",
        allowAccess: false,
        keyVault: { name: vaultName, serviceEndpointId: connection.id },
        variables: settings.secrets.map((each) => ({ name: each.name })),
      },
      {
        parent: this,
        deletedWith: project.created,
        // Creation looks the secrets up through the connection.
        dependsOn: [...this.keep(name, args), ...grants, ...connection.trust],
      },
    );
  }

  /** The values that the stack itself puts into the vault. */
  private keep(
    name: string,
    { place, settings, vaultName, secret }: VariableGroupsArgs,
  ): keyvault.Secret[] {
    return settings.secrets.flatMap((each) =>
      each.secret === undefined
        ? []
        : [
            new keyvault.Secret(
              `${name}.${each.name}`,
              {
                resourceGroupName: place.resourceGroup,
                vaultName,
                secretName: each.name,
                properties: { value: secret(each.secret) },
                tags: place.tags,
              },
              { parent: this, additionalSecretOutputs: ["properties"] },
            ),
          ],
    );
  }
}

/** A line `NAME=value` for each variable, sorted, as in a file `.env`. */
export function environmentLines(variables: Readonly<Record<string, string>>): string {
  return Object.keys(variables)
    .sort()
    .map((variable) => `${variable}=${variables[variable]}`)
    .join("\n");
}
