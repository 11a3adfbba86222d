import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { isSecretName, looksLikeKey, quote } from "./display";
import { record } from "./folders";
import type { Problem } from "./problem";
import type { ExperimentReading } from "./readExperiment";
import { settingsSchema } from "./settings";
import type { ArmSettings } from "./settings";
import type { DataPath } from "./source";
import { at, unknownName } from "./stackChecks";
import type { StackText } from "./stackFile";
import { orListing } from "./suggest";
import { trafficFaults } from "./weights";

const flowSchema = settingsSchema.shape.flows.unwrap().valueType;
const armSchema = flowSchema.shape.arms.valueType;

/** Longest time a request may take; a prompt flow model may take 300: DOC/reference-yaml-deployment-managed-online.md. */
const MAX_TIMEOUT_SECONDS = 180;

/** Variables of the serving contract, which the platform sets itself. */
const RESERVED_VARIABLES = [
  "AZURE_CLIENT_ID",
  "PROMPTFLOW_RUN_MODE",
  "PROMPTFLOW_SERVING_ENGINE",
  "PRT_CONFIG_OVERRIDE",
];

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
  }
  for (const [name, value] of Object.entries(record(data.arms))) {
    const arm = armSchema.safeParse(value);
    if (arm.success) {
      problems.push(...armProblems(text, stack, [...under, "arms", name], arm.data, reading));
    }
  }
  return [...problems, ...connectionProblems(text, stack, reading)];
}

function armProblems(
  text: StackText,
  stack: string,
  under: DataPath,
  arm: ArmSettings,
  reading: ExperimentReading | undefined,
): Problem[] {
  const defaults = record(text.settings.armDefaults);
  return [
    ...versionProblems(text, stack, under, arm),
    ...imageProblems(text, under, arm, defaults.image),
    ...variantProblems(text, under, arm, reading),
    ...environmentProblems(text, under, arm),
    ...timeoutProblems(text, under, arm, defaults.requestTimeoutSeconds, reading),
  ];
}

/** A stack that ships only what was approved or counted: `prod`, and every protected one. */
export function isProduction(stack: string, settings: { readonly protect?: unknown }): boolean {
  return stack === "prod" || settings.protect === true;
}

function versionProblems(text: StackText, stack: string, under: DataPath, arm: ArmSettings) {
  return arm.version === "current" && isProduction(stack, text.settings)
    ? [
        at(
          text,
          [...under, "version"],
          `version is "current" in ${stack === "prod" ? "prod" : "a protected stack"}`,
          "a version number or approved",
          "write approved, or the number of a registered version",
        ),
      ]
    : [];
}

function imageProblems(
  text: StackText,
  under: DataPath,
  arm: ArmSettings,
  usual: unknown,
): Problem[] {
  const known = Object.keys(record(text.settings.images));
  if (arm.image !== undefined) {
    return known.includes(arm.image)
      ? []
      : [unknownName(text, [...under, "image"], "image", arm.image, known)];
  }
  return usual === undefined
    ? [
        at(
          text,
          under,
          `the arm ${quote(String(under.at(-1)))} has no image`,
          "an image of its own or armDefaults.image",
          orListing("", known.sort(), "add one under images and name it in armDefaults.image"),
        ),
      ]
    : [];
}

function variantProblems(
  text: StackText,
  under: DataPath,
  arm: ArmSettings,
  reading: ExperimentReading | undefined,
): Problem[] {
  if (arm.variant === undefined || reading?.experiment === undefined) {
    return [];
  }
  const place = [...under, "variant"];
  if (reading.dag === undefined) {
    return [
      at(
        text,
        place,
        `variant ${quote(arm.variant)} of a ${reading.experiment.kind} flow`,
        "only a DAG flow has variants",
        "remove the line; use environment for differences between arms",
      ),
    ];
  }
  if (reading.dag.problems.length > 0) {
    return [];
  }
  const known = Object.entries(reading.dag.variants).flatMap(([node, variants]) =>
    variants.map((variant) => `${node}.${variant}`),
  );
  return known.includes(arm.variant)
    ? []
    : [
        at(
          text,
          place,
          `unknown variant ${quote(arm.variant)}`,
          `a variant in ${reading.dag.file.file}`,
          orListing(arm.variant, known.sort(), "add it under node_variants"),
        ),
      ];
}

function environmentProblems(text: StackText, under: DataPath, arm: ArmSettings): Problem[] {
  return Object.entries(arm.environment).flatMap(([name, value]) => {
    const place = [...under, "environment", name];
    if (RESERVED_VARIABLES.includes(name)) {
      return [
        at(
          text,
          place,
          `the variable ${name} is set by the platform`,
          "variables of your own",
          "remove the line",
          "key",
        ),
      ];
    }
    return looksLikeKey(value) || (isSecretName(name) && value !== "")
      ? [
          at(
            text,
            place,
            `the variable ${name} holds what looks like a secret`,
            "no secret stands in a file",
            "put the key under secrets and use a connection",
          ),
        ]
      : [];
  });
}

function timeoutProblems(
  text: StackText,
  under: DataPath,
  arm: ArmSettings,
  usual: unknown,
  reading: ExperimentReading | undefined,
): Problem[] {
  const seconds = arm.requestTimeoutSeconds ?? usual;
  return typeof seconds === "number" &&
    seconds > MAX_TIMEOUT_SECONDS &&
    reading?.experiment?.kind === "container"
    ? [
        at(
          text,
          arm.requestTimeoutSeconds === undefined
            ? ["armDefaults", "requestTimeoutSeconds"]
            : [...under, "requestTimeoutSeconds"],
          `a request may take ${seconds} seconds in an arm of a container flow`,
          `at most ${MAX_TIMEOUT_SECONDS}; up to 300 only for a prompt flow model`,
          `lower it to ${MAX_TIMEOUT_SECONDS} or less`,
        ),
      ]
    : [];
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
