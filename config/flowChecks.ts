import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { armProblems } from "./armChecks";
import { quote } from "./display";
import { record } from "./folders";
import type { Problem } from "./problem";
import type { ExperimentReading } from "./readExperiment";
import { settingsSchema } from "./settings";
import { at } from "./stackProblem";
import type { StackText } from "./stackFile";
import { orListing } from "./suggest";
import { targetProblems } from "./targetChecks";
import { trafficFaults } from "./weights";

const flowSchema = settingsSchema.shape.flows.unwrap().valueType;
const armSchema = flowSchema.shape.arms.valueType;

/** Names of the folders under flows/, sorted. */
export function flowFolders(root: string): string[] {
  const folder = path.join(root, "flows");
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() || entry.isSymbolicLink() ? [entry.name] : []))
    .sort();
}

/** The flow has no folder of its name. */
export function unknownFlow(text: StackText, flow: string, known: readonly string[]): Problem {
  return at(
    text,
    ["flows", flow],
    `there is no folder flows/${flow}`,
    "the name of a folder under flows/",
    orListing(flow, known, "add the folder with an experiment.yaml"),
    "key",
  );
}

/** Two flows whose experiments have one name would register their versions in one model. */
export function sameModels(readings: ReadonlyMap<string, ExperimentReading>): Problem[] {
  const owners = new Map<string, string>();
  return [...readings].flatMap(([flow, { experiment, file }]) => {
    if (experiment === undefined) {
      return [];
    }
    const owner = owners.get(experiment.name);
    owners.set(experiment.name, owner ?? flow);
    return owner === undefined
      ? []
      : [
          file.problem(["name"], {
            found: `${quote(experiment.name)} is also the experiment of flows/${owner}`,
            allowed: "a name of its own: it is the name of the flow's model",
            mend: "rename one of the two experiments",
          }),
        ];
  });
}

/** Everything about one flow of a stack that goes beyond the form of single values. */
export function checkFlow(
  text: StackText,
  stack: string,
  flow: string,
  reading: ExperimentReading | undefined,
): Problem[] {
  const data = record(record(text.settings.flows)[flow]);
  const under = ["flows", flow];
  const parsed = flowSchema.safeParse(data);
  const problems: Problem[] = [];
  // A key that stands twice is a problem of its own, and the sum of what is left says nothing.
  if (parsed.success && text.file.problems.length === 0) {
    const weights = Object.fromEntries(
      Object.entries(parsed.data.arms).map(([arm, { weight }]) => [arm, weight]),
    );
    for (const { at: place, fault, on } of trafficFaults(weights, parsed.data.mirror)) {
      problems.push(text.file.problem(text.place([...under, ...place]), fault, on));
    }
    problems.push(...targetProblems(text, under, parsed.data));
  }
  const target = parsed.data?.target ?? "managed";
  for (const [name, value] of Object.entries(record(data.arms))) {
    const arm = armSchema.safeParse(value);
    if (arm.success) {
      problems.push(
        ...armProblems(text, stack, [...under, "arms", name], target, arm.data, reading),
      );
    }
  }
  return [...problems, ...connectionProblems(text, stack, reading)];
}

/** The connections that a flow uses are those that the stack makes. */
function connectionProblems(
  text: StackText,
  stack: string,
  reading: ExperimentReading | undefined,
): Problem[] {
  if (reading?.experiment === undefined) {
    return [];
  }
  const made = Array.isArray(text.settings.connections)
    ? text.settings.connections.flatMap((connection) => {
        const { name } = record(connection);
        return typeof name === "string" ? [name] : [];
      })
    : [];
  const unknown = (name: string) => ({
    found: `unknown connection ${quote(name)}`,
    allowed: `a connection of Pulumi.${stack}.yaml`,
    mend: orListing(name, [...made].sort(), `add it under connections in Pulumi.${stack}.yaml`),
  });
  const { experiment, file, dag } = reading;
  return [
    ...experiment.connections.flatMap(({ name }, index) =>
      made.includes(name) ? [] : [file.problem(["connections", index, "name"], unknown(name))],
    ),
    ...(dag?.connections ?? []).flatMap(({ at: place, name }) =>
      dag === undefined || made.includes(name) ? [] : [dag.file.problem(place, unknown(name))],
    ),
  ];
}
