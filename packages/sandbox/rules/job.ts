import { key, parentId } from "../ids";
import { canonical, isRecord, same, setAt, valueAt, type Json } from "../paths";
import { refuse, type Action, type Rule } from "./rule";
import { userIdentities } from "./roles";

/** The sandbox runs command jobs alone; pipelines, sweeps and AutoML are other types of the same resource. */
const commandOnly: Rule = ({ body }) =>
  valueAt(body, "properties.jobType") === "Command"
    ? undefined
    : refuse(400, "UserError", "The sandbox runs jobs of jobType Command alone.");

/** What an update may change: the service's own message, "A job with this name already exists". */
const changeable = ["tags", "description", "displayName", "properties", "isArchived"];

const nameTaken: Rule = ({ before, body, name }) => {
  if (!before) return undefined;
  const fixed = (value: Json): unknown => {
    const properties = valueAt(value, "properties");
    return Object.fromEntries(
      Object.entries(isRecord(properties) ? properties : {}).filter(
        ([path]) => !changeable.includes(path) && path !== "status" && path !== "services",
      ),
    );
  };
  return same(canonical(fixed(before)), canonical(fixed(body)))
    ? undefined
    : refuse(
        400,
        "UserError",
        `A job with this name already exists (${name}). If you are trying to submit a new job, use a different name; ` +
          `of an existing one only ${changeable.join(", ")} can be updated.`,
      );
};

/** DOC/how-to-use-serverless-compute.md: a job names a compute of its workspace, or resources for a serverless one. */
const somewhere: Rule = ({ id, body }) => {
  const compute = valueAt(body, "properties.computeId");
  if (typeof compute === "string") {
    return key(compute).startsWith(`${key(parentId(id))}/computes/`)
      ? undefined
      : refuse(400, "UserError", `computeId is no compute of this workspace: ${compute}.`);
  }
  return typeof valueAt(body, "properties.resources.instanceType") === "string"
    ? undefined
    : refuse(400, "UserError", "A job without computeId needs resources.instanceType.");
};

/**
 * DOC/how-to-identity-based-service-authentication.md, compute cluster: a job runs as an identity that was
 * assigned to its cluster; DOC/how-to-use-serverless-compute.md: without a cluster, to the workspace.
 */
const assignedIdentity: Rule = (facts) => {
  const { id, body, find } = facts;
  const clientId = valueAt(body, "properties.identity.clientId");
  if (clientId === undefined) return undefined;
  const holder = find(valueAt(body, "properties.computeId") ?? parentId(id));
  const assigned = userIdentities({ ...facts, body: holder?.body ?? {} }).some(
    (user) => valueAt(find(user.id)?.body, "properties.clientId") === clientId,
  );
  return assigned
    ? undefined
    : refuse(
        400,
        "UserError",
        `The identity with client id ${String(clientId)} is not assigned to ${holder?.id ?? "the compute"}.`,
      );
};

/** DOC/reference-yaml-job-command.md, command: `${{inputs.<name>}}` and `${{outputs.<name>}}` name what the job has. */
const namedPlaces: Rule = ({ body }) => {
  const command = String(valueAt(body, "properties.command"));
  const unknown = [...command.matchAll(/\$\{\{\s*(inputs|outputs)\.([\w-]+)\s*\}\}/g)].find(
    ([, kind, name]) => valueAt(body, `properties.${kind}.${name}`) === undefined,
  );
  return unknown
    ? refuse(400, "UserError", `The command uses ${unknown[0]}, which the job does not have.`)
    : undefined;
};

/** DOC/how-to-read-write-data-v2.md: a datastore of a workspace is the address of what a job reads and writes. */
const addresses: Rule = ({ body }) => {
  for (const kind of ["inputs", "outputs"]) {
    const places = valueAt(body, `properties.${kind}`);
    for (const [name, place] of Object.entries(isRecord(places) ? places : {})) {
      const uri = valueAt(place, "uri");
      if (typeof uri === "string" && !datastorePath.test(uri)) {
        return refuse(400, "UserError", `${kind}.${name}.uri is no path of a datastore: ${uri}.`);
      }
    }
  }
  return undefined;
};

/** An address of a file or folder in a datastore: its workspace's ARM id follows from the first three parts. */
export const datastorePath =
  /^azureml:\/\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/workspaces\/([^/]+)\/datastores\/([^/]+)\/paths\/(.+)$/;

/** REST Jobs - Cancel. A job that has ended stays as it ended. */
export const cancelJob: Action = ({ id, find }) => {
  const stored = find(id);
  if (!stored || ended(stored.body)) {
    return refuse(400, "UserError", "The job has ended and cannot be cancelled.");
  }
  setAt(stored.body, "properties.status", "CancelRequested");
  return { status: 202 };
};

export const ended = (body: Json): boolean =>
  ["Completed", "Failed", "Canceled"].includes(String(valueAt(body, "properties.status")));

export const jobRules: readonly Rule[] = [
  commandOnly,
  nameTaken,
  somewhere,
  assignedIdentity,
  namedPlaces,
  addresses,
];
