import { record } from "./folders";
import { resourceFaults } from "./kubernetesSettings";
import type { Problem } from "./problem";
import { valueAt } from "./schemaWalk";
import type { FlowSettings } from "./settings";
import type { DataPath } from "./source";
import type { StackText } from "./stackFile";
import { at } from "./stackProblem";
import { scaleFaults, type Scale } from "./scaleSettings";
import { SHORTFALLS, type Shortfall } from "./targets";
import { webAppProblems } from "./webAppChecks";
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
