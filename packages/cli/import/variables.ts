import { holdsSecret, quote } from "../../../config/display";
import { variableName } from "../../../config/fields";
import { RESERVED_VARIABLES } from "../../../config/armChecks";
import { record } from "../../../config/folders";
import type { DataPath, YamlFile } from "../../../config/source";
import type { Findings } from "./findings";

/** Variables of the deployments of every environment, beside those in the deployment config. */
export const VARIABLES = "environment/env.yaml";

/** A line that the reference ships to show the form. */
const EXAMPLE = { name: "example-name", value: "example-value" };

/**
 * The variables under one key that an arm's `environment` can hold. What cannot come over, or must not, is said;
 * a value that is or may be a secret is neither returned nor said.
 */
export function variablesOf(
  file: YamlFile,
  at: DataPath,
  values: unknown,
  findings: Findings,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(record(values))) {
    const refuse = reasonAgainst(name, value);
    if (refuse === undefined) kept[name] = asText(value);
    else {
      const { list, ...fault } = refuse;
      findings[list].push(file.problem([...at, name], fault, "key"));
    }
  }
  return kept;
}

/** The reference's scripts write every value as Python does. */
function asText(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value).trim();
}

function reasonAgainst(name: string, value: unknown) {
  const shown = quote(name);
  if (name === EXAMPLE.name && value === EXAMPLE.value) {
    return {
      list: "changed" as const,
      found: "the example of the reference stands here",
      allowed: "variables of the container",
      mend: "left out",
    };
  }
  if (RESERVED_VARIABLES.includes(name)) {
    return {
      list: "changed" as const,
      found: `the variable ${name} is set by hand`,
      allowed: "the platform sets it",
      mend: "left out",
    };
  }
  if (value === null || asText(value) === "" || typeof value === "object") {
    return {
      list: "decisions" as const,
      found: `the variable ${shown} has no value`,
      allowed: "left out",
      mend: "write it under the arm's environment where the flow needs it",
    };
  }
  if (/^\$\{.*\}$/.test(asText(value))) {
    return {
      list: "decisions" as const,
      found: `the variable ${shown} comes from the variables of a pipeline`,
      allowed: "left out: no pipeline hands values to a container",
      mend: "use a connection for addresses and keys; write anything else under the arm's environment",
    };
  }
  if (holdsSecret(name, asText(value))) {
    return {
      list: "decisions" as const,
      found: `the variable ${shown} holds what looks like a secret`,
      allowed: "not copied: no secret stands in a file",
      mend: "renew it, and use a connection, without a key where the service takes Entra tokens",
    };
  }
  return variableName.safeParse(name).success
    ? undefined
    : {
        list: "decisions" as const,
        found: `the variable ${shown} has a name that no shell takes`,
        allowed: "left out; letters, digits and underscores, not starting with a digit",
        mend: "rename it in the flow and write it under the arm's environment",
      };
}
