import { quote } from "../../../config/display";
import { vmSize } from "../../../config/fields";
import { record } from "../../../config/folders";
import { planSize } from "../../../config/webAppSettings";
import { schemaProblems, wording } from "../../../config/schemaProblems";
import type { YamlFile } from "../../../config/source";
import { nearest } from "../../../config/suggest";
import { deploymentConfigSchema, isFilled, LISTS, numberOf, textOf } from "./deploymentConfig";
import type { Entry, ListName } from "./deploymentConfig";
import type { Findings } from "./findings";
import { sayElsewhere } from "./elsewhere";
import { trafficOf } from "./traffic";
import { variablesOf } from "./variables";

/** What `Pulumi.<env>.yaml` gets of a flow: the value under `flows.<name>`. */
export interface FlowBlock {
  readonly target?: "kubernetes" | "webApp";
  readonly kubernetes?: Readonly<Record<string, unknown>>;
  readonly webApp?: { readonly sku: string };
  readonly arms: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The entries of `deployment_config.json`, checked; none where the file has problems of its own. */
export function entriesOf(file: YamlFile, findings: Findings): Entry[] {
  findings.problems.push(...file.problems);
  if (file.data === undefined) {
    if (file.problems.length === 0) {
      findings.problems.push(
        file.problem([], {
          found: "the file is empty",
          allowed: `lists ${Object.keys(LISTS).join(", ")}`,
          mend: "write {} where the flow is deployed nowhere",
        }),
      );
    }
    return [];
  }
  const parsed = deploymentConfigSchema.safeParse(file.data, { error: wording });
  if (!parsed.success) {
    findings.problems.push(
      ...schemaProblems(deploymentConfigSchema, parsed.error, file.data, file),
    );
  }
  const data = record(file.data);
  const entries = (Object.keys(LISTS) as ListName[]).flatMap((list) => {
    const values = data[list];
    return (Array.isArray(values) ? values : []).map((value, index) => ({
      list,
      index,
      values: record(value),
    }));
  });
  for (const entry of entries) unknownKeys(file, entry, findings);
  repeated(file, entries, findings);
  return parsed.success ? entries : [];
}

/** A key near a known one is misspelt; any other is the team's own and means nothing here. */
function unknownKeys(file: YamlFile, entry: Entry, findings: Findings): void {
  const { keys } = LISTS[entry.list];
  for (const key of Object.keys(entry.values)) {
    if (keys.includes(key)) continue;
    const guess = nearest(key, keys);
    const place = [entry.list, entry.index, key];
    if (guess === undefined) {
      findings.decisions.push(
        file.problem(
          place,
          {
            found: `the key ${quote(key)} is none of the reference's`,
            allowed: "left out",
            mend: "look for its meaning among the settings of a flow and its arms",
          },
          "key",
        ),
      );
    } else {
      findings.problems.push(
        file.problem(
          place,
          {
            found: `unknown key ${quote(key)}`,
            allowed: `its keys are ${keys.join(", ")}`,
            mend: `did you mean ${JSON.stringify(guess)}?`,
          },
          "key",
        ),
      );
    }
  }
}

function repeated(file: YamlFile, entries: readonly Entry[], findings: Findings): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const key = `${entry.list} ${textOf(entry, "ENV_NAME")}`;
    if (textOf(entry, "ENV_NAME") !== "" && seen.has(key)) {
      findings.problems.push(
        file.problem([entry.list, entry.index, "ENV_NAME"], {
          found: `${JSON.stringify(textOf(entry, "ENV_NAME"))} stands twice under ${entry.list}`,
          allowed: "each environment once; any number of arms fits behind one endpoint here",
          mend: "keep one of the two, and add the other's arm after the import",
        }),
      );
    }
    seen.add(key);
  }
}

/**
 * The entry of each environment that decides where the flow runs there. The reference deploys to several targets
 * at once; here a flow has one a stack, so the first that was filled in is taken and the others are said.
 */
export function chosenEntries(
  file: YamlFile,
  entries: readonly Entry[],
  findings: Findings,
): Map<string, Entry> {
  const chosen = new Map<string, Entry>();
  const environments = [...new Set(entries.map((entry) => textOf(entry, "ENV_NAME")))];
  for (const environment of environments) {
    const all = entries.filter((entry) => textOf(entry, "ENV_NAME") === environment);
    const taken = all.find(isFilled) ?? all[0];
    if (taken === undefined) continue;
    chosen.set(environment, taken);
    for (const other of all.filter((entry) => entry !== taken)) {
      const list = isFilled(other) ? findings.decisions : findings.changed;
      list.push(
        file.problem([other.list, other.index, "ENV_NAME"], {
          found: isFilled(other)
            ? `${environment} is deployed to ${LISTS[other.list].target} too`
            : `the entry of ${environment} was never filled in`,
          allowed: "a flow has one target in each environment",
          mend: isFilled(other)
            ? `${LISTS[taken.list].target} was taken; set target, or import the folder again under another --name`
            : "left out",
        }),
      );
    }
  }
  return chosen;
}

/** What one environment's stack file gets; undefined where the entry has a problem. */
export function flowBlock(
  file: YamlFile,
  entry: Entry,
  shared: Readonly<Record<string, string>>,
  production: boolean,
  findings: Findings,
): FlowBlock | undefined {
  const { target } = LISTS[entry.list];
  const environment = {
    ...variablesOf(
      file,
      [entry.list, entry.index, "ENVIRONMENT_VARIABLES"],
      entry.values["ENVIRONMENT_VARIABLES"],
      findings,
    ),
    ...shared,
  };
  const traffic =
    target === "webApp"
      ? { current: { name: "blue", weight: 100 } }
      : trafficOf(file, entry, findings);
  const instance = target === "managed" ? sizeOf(file, entry, findings) : undefined;
  sayElsewhere(file, entry, findings);
  if (traffic === undefined) return undefined;
  const instances = numberOf(entry, "DEPLOYMENT_INSTANCE_COUNT");
  const more = {
    ...(instance === undefined ? {} : { instance }),
    ...(instances === undefined ? {} : { instances }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
  };
  const { current, prior } = traffic;
  const version = production ? "approved" : "current";
  return {
    ...(target === "managed" ? {} : { target }),
    ...(target === "kubernetes" ? kubernetesOf(entry) : {}),
    ...(target === "webApp" ? webAppOf(file, entry, findings) : {}),
    arms: {
      [current.name]: { version, weight: current.weight, ...more },
      ...(prior === undefined
        ? {}
        : { [prior.name]: { version: "approved", weight: prior.weight, ...more } }),
    },
  };
}

function sizeOf(file: YamlFile, entry: Entry, findings: Findings): string | undefined {
  // Azure takes any case; here the family is written as its documentation writes it.
  const size = textOf(entry, "DEPLOYMENT_VM_SIZE")
    .replace(/^standard_/i, "Standard_")
    .replace(/^basic_/i, "Basic_");
  if (size === "") return undefined;
  if (vmSize.safeParse(size).success) return size;
  findings.problems.push(
    file.problem([entry.list, entry.index, "DEPLOYMENT_VM_SIZE"], {
      found: `DEPLOYMENT_VM_SIZE is ${quote(size)}`,
      allowed: "a VM size",
      mend: "write for example Standard_DS3_v2, or nothing for the size of armDefaults",
    }),
  );
  return undefined;
}

/** A size that has no slots does not come over: every arm but one is a slot. */
function webAppOf(file: YamlFile, entry: Entry, findings: Findings): Pick<FlowBlock, "webApp"> {
  // Azure takes any case; here the letters are written as its documentation writes them.
  const size = textOf(entry, "WEB_APP_SKU").toUpperCase().replace("MV", "mv").replace("V", "v");
  if (size === "") return {};
  if (planSize.safeParse(size).success) return { webApp: { sku: size } };
  findings.decisions.push(
    file.problem([entry.list, entry.index, "WEB_APP_SKU"], {
      found: `the plan's size is ${quote(textOf(entry, "WEB_APP_SKU"))}`,
      allowed: "a size with slots for the arms: Standard or Premium",
      mend: "the flow gets P0v3; write another into its webApp: { sku: … }",
    }),
  );
  return {};
}

function kubernetesOf(entry: Entry): Pick<FlowBlock, "kubernetes"> {
  const [instanceType, cpu, memory] = [
    textOf(entry, "DEPLOYMENT_VM_SIZE"),
    textOf(entry, "CPU_ALLOCATION"),
    textOf(entry, "MEMORY_ALLOCATION"),
  ];
  const kubernetes = {
    ...(instanceType === "" ? {} : { instanceType }),
    ...(cpu === "" && memory === "" ? {} : { requests: { cpu, memory } }),
  };
  return Object.keys(kubernetes).length === 0 ? {} : { kubernetes };
}
