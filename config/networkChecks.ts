import { quote } from "./display";
import { record } from "./folders";
import type { Problem } from "./problem";
import { valueAt } from "./schemaWalk";
import type { StackText } from "./stackFile";
import { at } from "./stackProblem";

/** What the network, and what goes with it, does not allow elsewhere in the file. */
export function networkProblems(text: StackText): Problem[] {
  const { settings } = text;
  const problems: Problem[] = [];
  if (settings.network === "closed") {
    for (const [flow, value] of Object.entries(record(settings.flows))) {
      if (record(value).publicAccess === true) {
        problems.push(
          at(
            text,
            ["flows", flow, "publicAccess"],
            `the endpoint of ${quote(flow)} is public in a closed network`,
            "in a closed network endpoints are private",
            "remove the line or set network: open",
          ),
        );
      }
    }
  }
  if (settings.network === "closed" && settings.kubernetes !== undefined) {
    problems.push(
      at(
        text,
        ["kubernetes"],
        "a Kubernetes cluster is attached in a closed network",
        // DOC/how-to-managed-network.md, Limitations
        "the managed network of a closed workspace takes no cluster",
        "remove it and choose another target, or set network: open",
        "key",
      ),
    );
  }
  if (
    settings.network === "closed" &&
    valueAt(settings, ["machineLearningRegistry", "mode"]) === "create"
  ) {
    problems.push(
      at(
        text,
        ["machineLearningRegistry", "mode"],
        "a registry for other environments is created in a closed network",
        // DOC/how-to-registry-network-isolation.md
        "no image can be registered in a registry without public access",
        "create it in an open environment and write promotion: { from: <environment> } here",
      ),
    );
  }
  const sku = valueAt(settings, ["containerRegistry", "sku"]);
  for (const [on, why] of [
    [settings.network === "closed", "network: closed"],
    [settings.zoneRedundant === true, "zoneRedundant: true"],
  ] as const) {
    if (on && (sku === "Basic" || sku === "Standard")) {
      problems.push(
        at(
          text,
          ["containerRegistry", "sku"],
          `the container registry is ${sku} with ${why}`,
          `${why} needs Premium`,
          "write Premium or remove the line",
        ),
      );
    }
  }
  const replication = valueAt(settings, ["storage", "replication"]);
  if (settings.zoneRedundant === true && (replication === "LRS" || replication === "GRS")) {
    problems.push(
      at(
        text,
        ["storage", "replication"],
        `storage is ${replication} with zoneRedundant: true`,
        "ZRS or GZRS",
        "write ZRS or GZRS, or remove the line",
      ),
    );
  }
  if (settings.protect === true && settings.replaceLiveArms === true) {
    problems.push(
      at(
        text,
        ["replaceLiveArms"],
        "replaceLiveArms is on with protect: true",
        "a protected stack never replaces an arm that carries traffic",
        "remove the line and add an arm instead",
      ),
    );
  }
  return problems;
}
