import type { ExperimentConnection } from "../../../config/experiment";
import { ProblemsError } from "../../../config/problem";
import type { Problem } from "../../../config/problem";
import type { Json, ResourceManager } from "../../provider/resourceManager";
import type { Prepared } from "../experiment/prepare";

/** What a job is told of a connection. It asks for tokens or the key itself, as its identity. */
export interface CloudConnection {
  readonly name: string;
  readonly connection_type: ExperimentConnection["connection_type"];
  readonly authentication: "entra" | "key";
  readonly [field: string]: string;
}

/** Categories of workspace connections that prompt flow has a class for: swagger ConnectionCategory. */
const TYPES: Readonly<Record<string, ExperimentConnection["connection_type"]>> = {
  AzureOpenAI: "AzureOpenAIConnection",
  OpenAI: "OpenAIConnection",
  CognitiveSearch: "CognitiveSearchConnection",
};

/** The workspace's connections for those that the experiment names and its flow uses. No key is read. */
export async function workspaceConnections(
  azure: ResourceManager,
  workspaceId: string,
  { experiment, file, dag }: Prepared,
): Promise<CloudConnection[]> {
  const used = dag?.connections.map(({ name }) => name);
  const found: CloudConnection[] = [];
  const problems: Problem[] = [];
  for (const [index, connection] of experiment.connections.entries()) {
    if (used?.includes(connection.name) === false) continue;
    const live = await azure.get(`${workspaceId}/connections/${connection.name}`);
    const made = live && cloudConnection(connection.name, live.body["properties"] as Json);
    if (made?.connection_type === connection.connection_type) found.push(made);
    else problems.push(file.problem(["connections", index], fault(connection, live, made)));
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return found;
}

function fault(
  { name, connection_type }: ExperimentConnection,
  live: { body: Json } | undefined,
  made: CloudConnection | undefined,
) {
  const { category } = (live?.body["properties"] ?? {}) as { category?: string };
  return {
    found:
      live === undefined
        ? `the workspace has no connection ${JSON.stringify(name)}`
        : `the workspace's connection ${JSON.stringify(name)} has the category ${category}${made === undefined ? ", by Entra tokens or of a kind that prompt flow cannot use so" : ""}`,
    allowed: `in the cloud, a connection of the workspace that is a ${connection_type}`,
    mend: "declare it under `connections` of the stack's settings and update the stack, or run with --local",
  };
}

/** Undefined for what prompt flow cannot use: another category, or Entra tokens where its class takes keys alone. */
function cloudConnection(name: string, properties: Json): CloudConnection | undefined {
  const { category, target, authType, metadata } = properties as {
    category?: string;
    target?: string;
    authType?: string;
    metadata?: Record<string, string>;
  };
  const connection_type = TYPES[category ?? ""];
  const authentication = authType === "AAD" ? "entra" : authType === "ApiKey" ? "key" : undefined;
  if (connection_type === undefined || authentication === undefined) return undefined;
  const common = { name, connection_type, authentication } as const;
  const version = metadata?.["ApiVersion"];
  if (connection_type === "AzureOpenAIConnection") {
    return {
      ...common,
      api_base: String(target),
      api_type: "azure",
      ...(version === undefined ? {} : { api_version: version }),
    };
  }
  if (authentication === "entra") return undefined;
  return connection_type === "OpenAIConnection"
    ? { ...common, base_url: String(target) }
    : { ...common, api_base: String(target) };
}
