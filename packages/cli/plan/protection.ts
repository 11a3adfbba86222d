import type { DataPath } from "../../../config/source";
import type { Baseline } from "./baseline";
import type { Comparison, ResourceChange } from "./compare";
import { flowsIn, isArm, isEndpoint } from "./flows";
import type { Refusal } from "./guard";
import { isLeftBehind, movesIn } from "./moves";

/**
 * Find what the engine or Azure would refuse in the middle of an update: to remove or replace what is
 * protected where it stands, to loosen a managed network, and to give one to a workspace in use. Replacing
 * what serves requests is the guard's.
 */
export function protectionRefusals(
  comparison: Comparison,
  previous: Baseline,
  stack: string,
): Refusal[] {
  const { changes } = comparison;
  const guarded = changes.filter(
    ({ kind, urn, was }) =>
      (kind === "delete" || kind === "replace") &&
      previous.resources.get(was ?? urn)?.protect === true,
  );
  const moves = movesIn(comparison).filter((move) =>
    guarded.some(({ urn, name }) => isLeftBehind(move, urn, name)),
  );
  const moved = moves.map(({ flow, from, to }) =>
    refuse(
      ["flows", flow, "target"],
      `refused: flow ${flow} moves from ${from} to ${to}, and what it has on ${from} is protected; set ` +
        `\`protect: false\` in Pulumi.${stack}.yaml and apply that first, then change the target and apply ` +
        "that, then set `protect: true` again",
    ),
  );
  const lost = guarded.filter(
    ({ urn, name }) => !moves.some((move) => isLeftBehind(move, urn, name)),
  );
  const removed = new Set(lost.filter(({ kind }) => kind === "delete").map(({ urn }) => urn));
  const flows = flowsIn(previous.resources.values());
  const busy = new Set(
    flows
      .filter(({ arms }) => arms.some(({ weight }) => weight > 0))
      .map(({ endpoint }) => endpoint.urn),
  );
  const served = flows.flatMap(({ name, endpoint, arms }): Refusal[] => {
    if (removed.has(endpoint.urn)) {
      return [
        refuse(
          ["flows"],
          `refused: flow ${name} is protected and would be removed; set \`protect: false\` in ` +
            `Pulumi.${stack}.yaml and apply that first, then remove the flow and set \`protect: true\` again`,
        ),
      ];
    }
    return arms
      .filter(({ deployment }) => removed.has(deployment.urn))
      .map((arm) =>
        refuse(
          ["flows", name, "arms"],
          `refused: arm ${arm.name} of flow ${name} is protected, carries ${arm.weight} % of the traffic ` +
            `and would be removed; give ${arm.name} the weight 0 and apply that first, then remove it`,
        ),
      );
  });
  const data = lost.filter(
    ({ type, kind, urn, was }) =>
      !isArm(type) && (!isEndpoint(type) || (kind === "replace" && !busy.has(was ?? urn))),
  );
  return [
    ...moved,
    ...served,
    ...dataRefusal(data, stack),
    ...(moves.length > 0 || flows.some(({ endpoint }) => removed.has(endpoint.urn))
      ? []
      : lockRefusal(changes, previous, stack)),
    ...changes.flatMap(loosened),
    ...changes.flatMap((change) => tightened(change, previous, stack)),
  ];
}

function refuse(setting: DataPath, message: string): Refusal {
  return { setting, message };
}

const LOCK = "azure-native:authorization:ManagementLockByScope";
const ROLE = "azure-native:authorization:RoleAssignment";

/** A lock against deletion holds every role below it: DOC/azure-resource-manager/management/lock-resources.md */
function lockRefusal(
  changes: readonly ResourceChange[],
  { resources }: Baseline,
  stack: string,
): Refusal[] {
  const locked = [...resources.values()].filter(({ type }) => type === LOCK);
  const scopes = new Set(locked.map(({ inputs }) => String(inputs["scope"])));
  const held = changes.filter(
    ({ kind, type, urn, was }) =>
      type === ROLE &&
      (kind === "delete" || kind === "replace") &&
      scopes.has(String(resources.get(was ?? urn)?.inputs["scope"])),
  );
  if (held.length === 0) return [];
  return [
    refuse(
      ["protect"],
      `refused: roles under a lock would be removed, which Azure refuses: ${held.map(({ name }) => name).join(", ")}; ` +
        `set \`protect: false\` in Pulumi.${stack}.yaml and apply that first, then make this change and set ` +
        "`protect: true` again",
    ),
  ];
}

/** One message for all that holds data: they follow the same change. */
function dataRefusal(lost: readonly ResourceChange[], stack: string): Refusal[] {
  if (lost.length === 0) return [];
  const what = lost.map(({ name, kind, properties }) => {
    const because = properties.filter(({ replaces }) => replaces).map(({ path }) => path);
    return kind === "delete" ? `${name} (removed)` : `${name} (${because.join(", ")})`;
  });
  return [
    refuse(
      ["protect"],
      `refused: what is protected would be replaced or removed: ${what.join(", ")}; take the change back, or ` +
        `set \`protect: false\` in Pulumi.${stack}.yaml and apply that first, if its data may go`,
    ),
  ];
}

/** In this order, never back: DOC/how-to-managed-network.md */
const isolation = ["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"];

function isolationChange({ kind, properties }: ResourceChange) {
  const change = properties.find(({ path }) => path === "managedNetwork.isolationMode");
  if (kind !== "update" || change === undefined) return undefined;
  const [before, after] = [change.before, change.after].map((mode) => String(mode ?? "Disabled"));
  return { before: before as string, after: after as string };
}

function loosened(change: ResourceChange): Refusal[] {
  const { before = "", after = "" } = isolationChange(change) ?? {};
  if (isolation.indexOf(after) >= isolation.indexOf(before)) return [];
  return [
    refuse(
      ["network"],
      `refused: the managed network of ${change.name} would go from ${before} to ${after}, which Azure never does; ` +
        "keep `network: closed`, or declare the open environment as a new stack",
    ),
  ];
}

const IN_USE = ["Compute", "OnlineEndpoint"].map(
  (type) => `azure-native:machinelearningservices:${type}`,
);

/** DOC/includes/managed-vnet-update.md: what computes in the workspace is deleted first. */
function tightened(change: ResourceChange, { resources }: Baseline, stack: string): Refusal[] {
  if (isolationChange(change)?.before !== "Disabled") return [];
  const standing = [...resources.values()].filter(({ type }) => IN_USE.includes(type));
  if (standing.length === 0) return [];
  return [
    refuse(
      ["network"],
      `refused: ${change.name} would get a managed network while ${standing.map(({ name }) => name).join(", ")} ` +
        `stand in it, and Azure asks for compute and endpoints to be gone first; take \`compute\` and \`flows\` out of ` +
        `Pulumi.${stack}.yaml and apply that, then set \`network: closed\` and apply that, then bring them back; ` +
        "or declare the closed environment as a new stack",
    ),
  ];
}
