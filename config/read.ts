import path from "node:path";
import type { Arm, Environment, Flow, Promotion, Target } from "./environment";
import { checkFlow, flowFolders, sameModels, unknownFlow } from "./flowChecks";
import { record } from "./folders";
import { flowIn } from "./flowImage";
import { hashFolder } from "./hash";
import type { FolderContent } from "./hash";
import { devOpsPlace } from "./devopsPlace";
import { composeNames, endpointName, modelName } from "./names";
import { noticesOf } from "./notices";
import type { Experiment } from "./experiment";
import { ProblemsError } from "./problem";
import type { Problem } from "./problem";
import { readPromotion } from "./promotion";
import { loadExperiment } from "./readExperiment";
import type { ExperimentReading } from "./readExperiment";
import { firstInstances } from "./scaleSettings";
import { schemaProblems, wording } from "./schemaProblems";
import { valueAt } from "./schemaWalk";
import { settingsSchema } from "./settings";
import type { FlowSettings, Settings } from "./settings";
import type { YamlFile } from "./source";
import { azurePlace, checkStack } from "./stackChecks";
import { PROJECT, readStackText } from "./stackFile";
import type { StackText } from "./stackFile";

export interface ReadOptions {
  /** Folder of the repository. */
  readonly root: string;
  readonly stack: string;
  /** What the engine holds, as `pulumi.runtime.allConfig()` gives it. By default the stack's file is read. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * Read and check everything that one stack declares. Throws `ProblemsError` with all problems of all files
 * at once, before anything is made. The result is frozen and holds no secret.
 */
export function readEnvironment({ root, stack, values }: ReadOptions): Environment {
  const absolute = path.resolve(root);
  const written = readStackText(absolute, stack, values);
  if (!written.readable) {
    throw new ProblemsError(written.problems);
  }
  const problems: Problem[] = [...written.problems];
  const promotion = readPromotion(absolute, stack, written, problems);
  const text = { ...written, promotedImages: promotion?.images };
  const parsed = settingsSchema.safeParse(text.settings, { error: wording });
  if (!parsed.success) {
    problems.push(...placed(text, parsed.error));
  }
  problems.push(...checkStack(absolute, stack, text));
  const readings = readFlows(absolute, stack, text, problems);
  if (!parsed.success || problems.length > 0) {
    throw new ProblemsError(problems);
  }
  return deepFreeze(compose(absolute, stack, text, parsed.data, readings, promotion));
}

function placed(text: StackText, error: Parameters<typeof schemaProblems>[1]): Problem[] {
  const file: YamlFile = {
    ...text.file,
    problem: (at, fault, on) => text.file.problem(text.place(at), fault, on),
  };
  return schemaProblems(settingsSchema, error, text.settings, file, "config");
}

function readFlows(
  root: string,
  stack: string,
  text: StackText,
  problems: Problem[],
): Map<string, FlowReading> {
  const readings = new Map<string, FlowReading>();
  const known = flowFolders(root);
  for (const flow of Object.keys(record(text.settings.flows)).sort()) {
    const legal = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(flow);
    if (legal && known.includes(flow)) {
      const reading = loadExperiment(root, flow, stack);
      const content = servesCheckout(text, flow) ? checkout(root, reading, problems) : undefined;
      readings.set(flow, { ...reading, content });
      problems.push(...reading.problems);
    } else if (legal) {
      problems.push(unknownFlow(text, flow, known));
    }
    problems.push(...checkFlow(text, stack, flow, readings.get(flow)));
  }
  problems.push(...sameModels(readings));
  return readings;
}

interface FlowReading extends ExperimentReading {
  /** Present where an arm serves this checkout. */
  readonly content?: FolderContent;
}

function servesCheckout(text: StackText, flow: string): boolean {
  const arms = record(valueAt(text.settings, ["flows", flow, "arms"]));
  return Object.values(arms).some((arm) => record(arm).version === "current");
}

function checkout(
  root: string,
  { experiment }: ExperimentReading,
  problems: Problem[],
): FolderContent | undefined {
  try {
    return experiment && hashFolder(root, experiment.flow);
  } catch (error) {
    if (error instanceof ProblemsError) {
      problems.push(...error.problems);
      return undefined;
    }
    throw error;
  }
}

function compose(
  root: string,
  stack: string,
  text: StackText,
  settings: Settings,
  readings: ReadonlyMap<string, FlowReading>,
  promotion: Promotion | undefined,
): Environment {
  const place = azurePlace(text);
  const parts = {
    project: PROJECT,
    stack,
    subscriptionId: place.subscriptionId,
    suffix: settings.suffix,
  };
  const flows = Object.keys(settings.flows)
    .sort()
    .map((name): Flow => {
      const flow = settings.flows[name] as FlowSettings;
      // Each flow was read, or its problems were thrown.
      const { experiment, content } = readings.get(name) as FlowReading & {
        experiment: Experiment;
      };
      return {
        name,
        folder: `flows/${name}`,
        experiment,
        target: targetOf(flow),
        endpointName: endpointName({ ...parts, flow: name, target: flow.target }),
        modelName: modelName(experiment.name, promotion?.from ?? stack),
        authentication: flow.authentication ?? AUTHENTICATION[flow.target],
        ...(flow.target === "kubernetes"
          ? {}
          : { publicAccess: flow.publicAccess ?? settings.network === "open" }),
        arms: armsOf(flow, settings, promotion?.images ?? settings.images),
        mirror: flow.mirror,
        scale: flow.scale,
        content,
      };
    });
  return {
    project: PROJECT,
    stack,
    root,
    ...place,
    settings,
    names: composeNames({ ...parts, settings }),
    ...(settings.devops ? { devOps: devOpsPlace(root, stack, text, settings.devops) } : {}),
    ...(promotion ? { promotion } : {}),
    flows,
    notices: noticesOf(stack, settings, flows),
  };
}

/** Where a flow does not say how callers authenticate: no target has keys then. */
const AUTHENTICATION = { managed: "AADToken", kubernetes: "AMLToken", webApp: "AADToken" } as const;

function targetOf({ target, kubernetes, webApp }: FlowSettings): Target {
  switch (target) {
    case "managed":
      return { name: target };
    case "kubernetes":
      return { name: target, ...kubernetes };
    case "webApp":
      return { name: target, ...webApp };
  }
}

function armsOf(flow: FlowSettings, { armDefaults }: Settings, images: Settings["images"]): Arm[] {
  return Object.entries(flow.arms)
    .map(([name, arm]) => {
      // The checks refuse an arm that has no image by either way.
      const image = (arm.image ?? armDefaults.image) as string;
      return {
        name,
        ...armDefaults,
        ...arm,
        instances: firstInstances(arm.instances ?? armDefaults.instances, flow.scale),
        image,
        holdsFlow: flowIn(images[image]) !== undefined,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
