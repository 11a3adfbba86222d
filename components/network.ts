import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { ConnectionSettings } from "../config/settings";
import type { Place } from "./place";
import type { Workspace } from "./workspace";

export interface NetworkArgs {
  readonly place: Place;
  /** Required. The workspace whose managed network this is. */
  readonly workspace: Workspace;
  /** Optional. ARM id of the registry that models are deployed from. @default no rule for one */
  readonly machineLearningRegistry?: pulumi.Input<string>;
  /** Optional. ARM id of the stack's Azure OpenAI account. @default no rule for one */
  readonly openAI?: pulumi.Input<string>;
  /** Required. Addresses outside of the stack are let through by name. */
  readonly connections: readonly ConnectionSettings[];
}

/**
 * What may leave the workspace's managed network. Its rules come after the network is built and before
 * compute and deployments use it: their races are pulumi/pulumi-azure-native#3212. Azure adds the rules to
 * the workspace's own storage, vault and registry by itself. In an open network there is nothing to let
 * out, and the component is empty.
 */
export class Network extends pulumi.ComponentResource {
  /** What compute and endpoints wait for. */
  readonly rules: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Network", name, {}, opts);
    this.rules = args.place.isolation.closed ? this.letOut(name, args) : [];
    this.registerOutputs({});
  }

  private letOut(
    name: string,
    { workspace, openAI, machineLearningRegistry, connections }: NetworkArgs,
  ): pulumi.Resource[] {
    const rules: pulumi.Resource[] = [];
    const letOut = (ruleName: string, properties: OutboundRule) => {
      const rule = new machinelearning.ManagedNetworkSettingsRule(
        `${name}.${ruleName}`,
        {
          resourceGroupName: workspace.resourceGroupName,
          workspaceName: workspace.workspaceName,
          ruleName,
          properties,
        },
        // The service changes one rule at a time.
        { parent: this, dependsOn: rules.slice(-1) },
      );
      rules.push(rule);
    };
    const privately = (
      ruleName: string,
      serviceResourceId: pulumi.Input<string>,
      subresourceTarget: string,
    ) =>
      letOut(ruleName, {
        type: "PrivateEndpoint",
        category: "UserDefined",
        destination: { serviceResourceId, subresourceTarget, sparkEnabled: false },
      });
    if (openAI !== undefined) privately("openai", openAI, "account");
    // Its storage comes with it: DOC/how-to-managed-network.md, private endpoints.
    if (machineLearningRegistry !== undefined) {
      privately("machine-learning-registry", machineLearningRegistry, "amlregistry");
    }
    for (const host of outsideHosts(connections)) {
      letOut(host.replace(/\./g, "-"), {
        type: "FQDN",
        category: "UserDefined",
        destination: host,
      });
    }
    return rules;
  }
}

type OutboundRule = machinelearning.ManagedNetworkSettingsRuleArgs["properties"];

/** Host names of connections that lead out of the stack, sorted, each once. */
export function outsideHosts(connections: readonly ConnectionSettings[]): string[] {
  const hosts = connections.flatMap((connection) => {
    if (connection.type === "openAI") return ["api.openai.com"];
    return connection.target === undefined ? [] : [new URL(connection.target).hostname];
  });
  return [...new Set(hosts)].sort();
}
