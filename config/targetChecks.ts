import { record } from "./folders";
import { resourceFaults } from "./kubernetesSettings";
import type { Problem } from "./problem";
import { valueAt } from "./schemaWalk";
import type { FlowSettings } from "./settings";
import type { DataPath } from "./source";
import type { StackText } from "./stackFile";
import { at, unknownName } from "./stackProblem";
import { scaleFaults, type Scale } from "./scaleSettings";
import { SHORTFALLS, type Shortfall } from "./targets";
import { MAX_SLOT_NAME, slotsOf } from "./webAppSettings";
import type { PlacedFault } from "./weights";

/** What a flow's target cannot honour of what its lines say, and what the target lacks. */
export function targetProblems(text: StackText, under: DataPath, flow: FlowSettings): Problem[] {
  const { target, scale } = flow;
  const faults = [
    ...resourceFaults(flow.kubernetes),
    ...(scale ? [...scaleFaults(scale), ...instanceFaults(flow.arms, scale)] : []),
  ];
  return [
    ...SHORTFALLS[target].flatMap((shortfall) => shortfallProblems(text, under, shortfall)),
    ...faults.map(({ at: place, fault, on }) =>
      text.file.problem(text.place([...under, ...place]), fault, on),
    ),
    ...(target === "kubernetes" && text.settings.kubernetes === undefined
      ? [
          at(
            text,
            [...under, "target"],
            `the flow ${String(under.at(-1))} runs on Kubernetes and the stack has no cluster`,
            "a cluster that is attached to the workspace",
            "add kubernetes: { mode: existing, name: <name of the attached compute> }",
          ),
        ]
      : []),
    ...(target === "webApp" ? webAppProblems(text, under, flow) : []),
  ];
}

/** What a Web App needs, and what it cannot name. */
function webAppProblems(text: StackText, under: DataPath, flow: FlowSettings): Problem[] {
  const arms = Object.keys(flow.arms);
  const { sku, production } = flow.webApp;
  const slots = slotsOf(sku);
  const long = arms.filter((arm) => arm.length > MAX_SLOT_NAME);
  const { from } = record(text.settings.promotion);
  return [
    ...(typeof from === "string"
      ? [
          at(
            text,
            [...under, "target"],
            `the flow ${String(under.at(-1))} runs on a Web App and its versions come from ${from}`,
            "managed or kubernetes; a Web App's container fetches models of this stack's workspace, not of a shared registry",
            "choose one of the two, or remove promotion",
          ),
        ]
      : []),
    ...(text.settings.webApp === undefined
      ? [
          at(
            text,
            [...under, "target"],
            `the flow ${String(under.at(-1))} runs on a Web App and the stack says nobody who may call it`,
            "an Entra registration, whose tokens every Web App asks for",
            "add webApp: { clientId: <application id> }",
          ),
        ]
      : []),
    ...(arms.length > slots
      ? [
          at(
            text,
            [...under, "arms"],
            `${arms.length} arms on a plan of size ${sku}`,
            `${slots} slots, each for one arm`,
            "remove arms, or choose a Premium size in webApp.sku",
            "key",
          ),
        ]
      : []),
    ...long.map((arm) =>
      at(
        text,
        [...under, "arms", arm],
        `the arm ${arm} has ${arm.length} characters`,
        `at most ${MAX_SLOT_NAME} on a Web App, whose slots are host names`,
        "shorten its name",
        "key",
      ),
    ),
    ...(production !== undefined && !arms.includes(production)
      ? [unknownName(text, [...under, "webApp", "production"], "arm", production, arms)]
      : []),
  ];
}

/** An arm that says how many instances it has must begin within the bounds. */
function instanceFaults(arms: FlowSettings["arms"], { min, max }: Scale): PlacedFault[] {
  return Object.entries(arms).flatMap(([arm, { instances }]) =>
    instances === undefined || (instances >= min && instances <= max)
      ? []
      : [
          {
            at: ["arms", arm, "instances"],
            fault: {
              found: `the arm ${arm} begins with ${instances} instances, scaled from ${min} to ${max}`,
              allowed: "a number within the bounds of scale",
              mend: "remove the line, or change the bounds",
            },
          },
        ],
  );
}

/** Only what stands in the file: a default that a target has no use for is no mistake of anybody. */
function shortfallProblems(
  text: StackText,
  under: DataPath,
  { setting, values, found, allowed, mend }: Shortfall,
): Problem[] {
  return places(text, under, setting.split("."))
    .filter((place) => {
      const value = valueAt(text.settings, place);
      return value !== undefined && (values === undefined || values.includes(value));
    })
    .map((place) => at(text, place, found, allowed, mend, "key"));
}

function places(text: StackText, under: DataPath, [step, ...rest]: string[]): DataPath[] {
  if (step === undefined) return [under];
  if (step !== "*") return places(text, [...under, step], rest);
  const names = Object.keys(record(valueAt(text.settings, under)));
  return names.flatMap((name) => places(text, [...under, name], rest));
}

/** What one cluster takes, which nobody raises: DOC/how-to-manage-quotas.md */
const CLUSTER = { endpoints: 60, deployments: 100 };

/** The flows on Kubernetes all stand in one cluster. */
export function clusterProblems(text: StackText): Problem[] {
  const flows = Object.values(record(text.settings.flows)).filter(
    (flow) => record(flow).target === "kubernetes",
  );
  const arms = flows.flatMap((flow) => Object.keys(record(record(flow).arms)));
  const counts = { endpoints: flows.length, deployments: arms.length };
  return (["endpoints", "deployments"] as const).flatMap((kind) =>
    counts[kind] <= CLUSTER[kind]
      ? []
      : [
          at(
            text,
            ["flows"],
            `${counts[kind]} ${kind} on Kubernetes`,
            `at most ${CLUSTER[kind]} ${kind} in one cluster`,
            "move flows to another target",
            "key",
          ),
        ],
  );
}
