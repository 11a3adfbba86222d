import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { ConnectionSettings } from "../config/settings";
import type { OpenAI } from "./openAI";
import type { Secret } from "./secrets";
import type { Workspace } from "./workspace";

export interface ConnectionsArgs {
  readonly connections: readonly ConnectionSettings[];
  readonly workspace: Workspace;
  /** Conditional. The stack's account. Required where an Azure OpenAI connection has no target. */
  readonly openAI?: OpenAI;
  /** Required. Reads a named secret of the stack. */
  readonly secret: Secret;
}

/** The workspace's connections: how flows reach models and indexes, by Entra tokens unless a key is named. */
export class Connections extends pulumi.ComponentResource {
  /** What a flow's endpoint waits for. */
  readonly all: readonly pulumi.Resource[];

  constructor(name: string, args: ConnectionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Connections", name, {}, opts);
    const { connections, workspace } = args;
    this.all = connections.map(
      (connection) =>
        new machinelearning.WorkspaceConnection(
          `${name}.${connection.name}`,
          {
            resourceGroupName: workspace.resourceGroupName,
            workspaceName: workspace.workspaceName,
            connectionName: connection.name,
            properties: properties(connection, args),
          },
          {
            parent: this,
            additionalSecretOutputs: connection.secret === undefined ? [] : ["properties"],
          },
        ),
    );
    this.registerOutputs({});
  }
}

type Properties = machinelearning.WorkspaceConnectionArgs["properties"];

function properties(connection: ConnectionSettings, args: ConnectionsArgs): Properties {
  const service = { ...serviceOf(connection, args), isSharedToAll: true };
  return connection.secret === undefined
    ? { ...service, authType: "AAD" }
    : { ...service, authType: "ApiKey", credentials: { key: args.secret(connection.secret) } };
}

/** Category, address and metadata by the service: swagger ConnectionCategory. */
function serviceOf(connection: ConnectionSettings, { openAI }: ConnectionsArgs) {
  switch (connection.type) {
    case "azureOpenAI":
      return {
        category: "AzureOpenAI",
        target: connection.target ?? openAI?.endpoint,
        metadata: {
          ApiType: "Azure",
          ApiVersion: connection.apiVersion,
          ...(connection.target === undefined && openAI ? { ResourceId: openAI.id } : {}),
        },
      };
    case "openAI":
      return { category: "OpenAI", target: "https://api.openai.com/v1" };
    case "aiSearch":
      return { category: "CognitiveSearch", target: connection.target };
  }
}

/** How connections sign in at the stack's own account. */
export function ownAccountUse(connections: readonly ConnectionSettings[]): {
  readonly keys: boolean;
  readonly tokens: boolean;
} {
  const own = connections.filter(
    (connection) => connection.type === "azureOpenAI" && connection.target === undefined,
  );
  return {
    keys: own.some(({ secret }) => secret !== undefined),
    tokens: own.some(({ secret }) => secret === undefined),
  };
}

/** Roles on services outside of the stack, whose ARM ids it does not know. */
export function connectionNotices(connections: readonly ConnectionSettings[]): string[] {
  return connections.flatMap((connection) => {
    if (connection.type === "openAI" || connection.target === undefined) return [];
    if (connection.secret !== undefined) return [];
    const role =
      connection.type === "aiSearch"
        ? "Search Index Data Reader"
        : "Cognitive Services OpenAI User";
    return [
      `connection ${connection.name} uses Entra tokens: grant "${role}" on ${connection.target} to the endpoints' identities`,
    ];
  });
}
