import { key, lastName, parentId } from "../ids";
import { setAt, valueAt } from "../paths";
import { holds, userIdentities, type Role } from "./roles";
import { refuse, type Action, type Rule } from "./rule";

/** The workspace's managed network: DOC/how-to-managed-network.md */

/** In this order, never back. */
const isolation = ["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"];

const mode = (body: unknown): string =>
  String(valueAt(body, "properties.managedNetwork.isolationMode") ?? "Disabled");

const oneWay: Rule = ({ body, before }) =>
  before && isolation.indexOf(mode(body)) < isolation.indexOf(mode(before))
    ? refuse(
        400,
        "ValidationError",
        `The isolation mode of a managed network cannot go from ${mode(before)} back to ${mode(body)}.`,
      )
    : undefined;

const [computes, endpoints] = ["Compute", "OnlineEndpoint"].map(
  (type) => `azure-native:machinelearningservices:${type}`,
) as [string, string];

/** DOC/includes/managed-vnet-update.md: what computes in the workspace is deleted before it gets a managed network. */
const emptied: Rule = ({ id, body, before, all }) => {
  if (!before || mode(before) !== "Disabled" || mode(body) === "Disabled") return undefined;
  const inside = [...all(computes), ...all(endpoints)].filter(
    (one) => key(parentId(one.id)) === key(id),
  );
  return inside.length === 0
    ? undefined
    : refuse(
        400,
        "ValidationError",
        `The workspace cannot get a managed network while it has ${inside.map((one) => lastName(one.id)).join(", ")}: delete all compute and online endpoints first.`,
      );
};

export const networkRules: readonly Rule[] = [oneWay, emptied];

const isolated: Rule = ({ id, find, body }) => {
  const workspaceMode = mode(find(parentId(id))?.body);
  if (workspaceMode === "Disabled") {
    return refuse(
      400,
      "ValidationError",
      "The workspace has no managed network (isolationMode Disabled); it takes no outbound rules.",
    );
  }
  return valueAt(body, "properties.type") === "FQDN" &&
    workspaceMode !== "AllowOnlyApprovedOutbound"
    ? refuse(
        400,
        "ValidationError",
        `FQDN rules need isolationMode AllowOnlyApprovedOutbound, found ${workspaceMode}.`,
      )
    : undefined;
};

const destinationExists: Rule = ({ body, find }) => {
  const target = valueAt(body, "properties.destination.serviceResourceId");
  return typeof target === "string" && !find(target)
    ? refuse(400, "ValidationError", `The destination '${target}' does not exist.`)
    : undefined;
};

const approvers: readonly Role[] = [
  "Azure AI Enterprise Network Connection Approver",
  "Contributor",
  "Owner",
];

/** DOC/how-to-managed-network.md, Approval of private endpoints: since 2025-04-30 nobody grants this by himself. */
const approved: Rule = (facts) => {
  const { id, body, find } = facts;
  const target = valueAt(body, "properties.destination.serviceResourceId");
  const workspace = find(parentId(id))?.body ?? {};
  const [user] = userIdentities({ ...facts, body: workspace });
  if (typeof target !== "string" || !user) return undefined;
  return holds(facts, user.principalId, approvers, target)
    ? undefined
    : refuse(
        400,
        "ValidationError",
        `The workspace's identity '${user.id}' may not approve a private endpoint of '${target}': it needs ${approvers[0]} there.`,
      );
};

export const outboundRules: readonly Rule[] = [isolated, destinationExists, approved];

export const provisionNetwork: Action = ({ body }) => {
  if (mode(body) === "Disabled")
    return refuse(400, "ValidationError", "The workspace has no managed network to provision.");
  setAt(body, "properties.managedNetwork.status", { status: "Active", sparkReady: false });
  return { status: 200, body: { status: "Active", sparkReady: false } };
};
