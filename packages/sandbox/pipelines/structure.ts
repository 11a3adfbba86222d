import { z } from "zod";
import { PipelineError, type Value } from "./value";

/**
 * The parts of an expanded pipeline that the runner knows, with what Azure Pipelines adds by itself. Unknown
 * properties are errors: learn.microsoft.com/azure/devops/pipelines/yaml-schema.
 */

const text = z.string();
const flag = z.union([z.boolean(), z.string()]).transform((value) => /^true$/i.test(String(value)));
const minutes = z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number);
const name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be letters, digits and underscores");
const names = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const texts = z.record(z.string(), z.string());

const variable = z.union([
  z.strictObject({ group: text }),
  z.strictObject({ name: text, value: text, readonly: flag.optional() }),
]);
const variables = z
  .union([
    z.array(variable),
    texts.transform((byName) =>
      Object.entries(byName).map(([key, value]) => ({ name: key, value })),
    ),
  ])
  .default([]);

const common = {
  displayName: text.optional(),
  name: name.optional(),
  condition: text.optional(),
  continueOnError: flag.default(false),
  enabled: flag.default(true),
  env: texts.default({}),
  timeoutInMinutes: minutes.optional(),
};

const script = { ...common, workingDirectory: text.optional() };
const step = z.union([
  z.strictObject({ checkout: z.enum(["self", "none"]), fetchDepth: minutes.optional(), ...common }),
  z.strictObject({ script: text, ...script }),
  z
    .strictObject({ bash: text, ...script })
    .transform(({ bash, ...rest }) => ({ ...rest, script: bash })),
  z.strictObject({ task: text, inputs: texts.default({}), ...common }),
]);
export type Step = z.output<typeof step>;

const work = {
  displayName: text.optional(),
  dependsOn: names.default([]),
  condition: text.optional(),
  variables,
  timeoutInMinutes: minutes.optional(),
};
const plainJob = z
  .strictObject({ job: name, ...work, steps: z.array(step).min(1) })
  .transform(({ job, ...rest }) => ({ ...rest, name: job, environment: undefined }));
const deploymentJob = z
  .strictObject({
    deployment: name,
    environment: text,
    ...work,
    strategy: z.strictObject({
      runOnce: z.strictObject({ deploy: z.strictObject({ steps: z.array(step).min(1) }) }),
    }),
  })
  .transform(({ deployment, strategy, ...rest }) => ({
    ...rest,
    name: deployment,
    steps: strategy.runOnce.deploy.steps,
  }));
const job = z.union([plainJob, deploymentJob]);
export type Job = z.output<typeof job>;

const lockBehavior = z.enum(["sequential", "runLatest"]);
const stage = z
  .strictObject({
    stage: name,
    displayName: text.optional(),
    /** Absent: the stage before. */
    dependsOn: names.optional(),
    condition: text.optional(),
    lockBehavior: lockBehavior.optional(),
    variables,
    jobs: z.array(job).min(1),
  })
  .transform(({ stage: own, ...rest }) => ({ ...rest, name: own }));

const pipeline = z.strictObject({
  trigger: z.literal("none", "triggers stand in the definition: write `trigger: none`"),
  pr: z.literal("none", "branch policies start pull requests: write `pr: none`"),
  lockBehavior: lockBehavior.default("runLatest"),
  variables,
  stages: z.array(stage).min(1, "there is no stage: no environment is deployed from this branch"),
});

export type Variable = z.output<typeof variable>;
export interface Stage extends Omit<z.output<typeof stage>, "dependsOn" | "lockBehavior"> {
  readonly dependsOn: readonly string[];
  readonly lockBehavior: "sequential" | "runLatest";
}
export interface Pipeline {
  readonly variables: readonly Variable[];
  /** Each after those that it depends on. */
  readonly stages: readonly Stage[];
}

export function structureOf(file: string, expanded: Value): Pipeline {
  const parsed = pipeline.safeParse(expanded);
  if (!parsed.success) throw new PipelineError(`${file}:\n${z.prettifyError(parsed.error)}`);
  const { stages, lockBehavior: usual, ...rest } = parsed.data;
  const filled = stages.map((one, index): Stage => ({
    ...one,
    lockBehavior: one.lockBehavior ?? usual,
    dependsOn:
      one.dependsOn ?? stages.slice(Math.max(index - 1, 0), index).map((before) => before.name),
    jobs: ordered(`${file}: job of stage ${one.name}`, one.jobs),
  }));
  return { ...rest, stages: ordered(`${file}: stage`, filled) };
}

/** Each after those that it depends on, otherwise as written. */
export function ordered<T extends { readonly name: string; readonly dependsOn: readonly string[] }>(
  place: string,
  items: readonly T[],
): T[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  if (byName.size < items.length) throw new PipelineError(`${place}: a name stands there twice`);
  const done: T[] = [];
  const visit = (item: T, above: readonly string[]): void => {
    if (done.includes(item)) return;
    if (above.includes(item.name))
      throw new PipelineError(`${place}: ${[...above, item.name].join(" depends on ")}`);
    for (const dependency of item.dependsOn) {
      const before = byName.get(dependency);
      if (!before)
        throw new PipelineError(
          `${place} ${item.name} depends on ${dependency}, which is not there`,
        );
      visit(before, [...above, item.name]);
    }
    done.push(item);
  };
  for (const item of items) visit(item, []);
  return done;
}
