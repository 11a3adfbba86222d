import { quote } from "./display";
import type { Environment, Flow, Promotion, SharedResource } from "./environment";
import { record } from "./folders";
import { composeNames } from "./names";
import type { Problem } from "./problem";
import { settingsSchema } from "./settings";
import type { Settings } from "./settings";
import { azurePlace } from "./stackChecks";
import { PROJECT, readStackText, stackNames } from "./stackFile";
import type { StackText } from "./stackFile";
import { at } from "./stackProblem";
import { orListing } from "./suggest";

/**
 * Where the versions of this stack come from, by the other environment's own file: which registry it shares,
 * and what its images are called. Undefined where the stack evaluates its own versions, or with problems.
 */
export function readPromotion(
  root: string,
  stack: string,
  text: StackText,
  problems: Problem[],
): Promotion | undefined {
  const { from } = record(text.settings.promotion);
  if (typeof from !== "string" || from === "") return undefined;
  problems.push(...ownProblems(text, from));
  const others = stackNames(root).filter((name) => name !== stack);
  const wrong = (found: string, allowed: string, mend: string) => {
    problems.push(at(text, ["promotion", "from"], found, allowed, mend));
    return undefined;
  };
  if (!others.includes(from)) {
    return wrong(
      `versions come from ${quote(from)}`,
      "another environment of this repository",
      orListing(from, others, `add Pulumi.${from}.yaml`),
    );
  }
  const other = readStackText(root, from);
  const parsed = settingsSchema.safeParse(other.settings);
  if (!parsed.success || typeof other.azure.subscriptionId !== "string") {
    return wrong(
      `the settings of ${from} are wrong`,
      "an environment whose settings can be read",
      `see what is said by: genaiops plan --stack ${from}`,
    );
  }
  const { data: settings } = parsed;
  if (settings.promotion !== undefined) {
    return wrong(
      `${from} takes its own versions from ${settings.promotion.from}`,
      "the environment that evaluates",
      `write from: ${settings.promotion.from}`,
    );
  }
  if (settings.machineLearningRegistry === undefined) {
    return wrong(
      `${from} shares no registry`,
      "an environment with machineLearningRegistry",
      `write machineLearningRegistry: { mode: create } into Pulumi.${from}.yaml`,
    );
  }
  return { from, images: settings.images, ...placesOf(from, other, settings) };
}

/**
 * What is asked of the shared registry for the arms of some flows; the ids are ARM's. An arm that serves
 * `current` is refused by the checks where versions come from elsewhere.
 */
export function promotionQuestion(
  { stack }: Pick<Environment, "stack">,
  { from, registry, containerRegistry }: Promotion,
  flows: readonly Flow[],
) {
  return {
    registry: sharedId("Microsoft.MachineLearningServices", registry),
    containerRegistry: sharedId("Microsoft.ContainerRegistry", containerRegistry),
    from,
    environment: stack,
    arms: flows.flatMap(({ name: flow, modelName: model, arms }) =>
      arms.map(({ name: arm, version, image, holdsFlow }) => ({
        flow,
        arm,
        model,
        version: version as number | "approved",
        image,
        holdsFlow,
      })),
    ),
  };
}

/** ARM id of a registry of another environment. */
export function sharedId(
  provider: "Microsoft.MachineLearningServices" | "Microsoft.ContainerRegistry",
  { subscriptionId, resourceGroup, name }: SharedResource,
): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${provider}/registries/${name}`;
}

/** What a stack that takes its versions from another cannot have of its own. */
function ownProblems(text: StackText, from: string): Problem[] {
  const { images, machineLearningRegistry } = text.settings;
  const own: [string, unknown, string][] = [
    ["machineLearningRegistry", machineLearningRegistry, `the registry is that of ${from}`],
    ["images", images, `the images are those of ${from}, by the digest that was evaluated there`],
  ];
  return own.flatMap(([key, value, allowed]) =>
    value === undefined
      ? []
      : [
          at(
            text,
            [key],
            `${key} beside promotion.from`,
            allowed,
            `remove ${key}, or remove promotion`,
            "key",
          ),
        ],
  );
}

function placesOf(
  stack: string,
  text: StackText,
  settings: Settings,
): Pick<Promotion, "registry" | "containerRegistry"> {
  const { subscriptionId } = azurePlace(text);
  const names = composeNames({
    project: PROJECT,
    stack,
    subscriptionId,
    suffix: settings.suffix,
    settings,
  });
  const place = (kind: "machineLearningRegistry" | "containerRegistry") => {
    const chosen = settings[kind];
    const adopted = chosen?.mode === "existing" ? chosen.resourceGroup : undefined;
    return {
      mode: "existing",
      name: names[kind],
      resourceGroup: adopted ?? names.resourceGroup,
      subscriptionId,
    } as const;
  };
  return {
    registry: place("machineLearningRegistry"),
    containerRegistry: place("containerRegistry"),
  };
}
