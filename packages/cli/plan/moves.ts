import type { TargetName } from "../../../config/targets";
import type { Comparison } from "./compare";

/** The component of a flow on each target: components/flows.ts. */
const COMPONENTS: Readonly<Record<string, TargetName>> = {
  "genaiops:platform:FlowEndpoint": "managed",
  "genaiops:platform:KubernetesFlowEndpoint": "kubernetes",
  "genaiops:platform:WebAppFlowEndpoint": "webApp",
};

/** A flow that the plan takes from one target to another. */
export interface Move {
  readonly flow: string;
  readonly from: TargetName;
  readonly to: TargetName;
}

/** The target whose component this is; undefined for any other type. */
export function targetOf(component: string | undefined): TargetName | undefined {
  return COMPONENTS[component ?? ""];
}

/** A move is a flow's component that goes while one of another target comes. */
export function movesIn({ changes }: Comparison): Move[] {
  const coming = new Map(
    changes.flatMap(({ kind, type, name }) => {
      const target = kind === "create" ? targetOf(type) : undefined;
      return target === undefined ? [] : [[name, target] as const];
    }),
  );
  return changes.flatMap(({ kind, type, name: flow }) => {
    const from = kind === "delete" ? targetOf(type) : undefined;
    const to = coming.get(flow);
    return from === undefined || to === undefined ? [] : [{ flow, from, to }];
  });
}

/** What follows from a move beside the resources that come and go. */
export function moveText({ flow, from, to }: Move): string {
  return (
    `flow ${flow}: target ${from} → ${to}; ${from} answers until ${to} stands with all arms and weights, ` +
    `then it is deleted in the same update: its callers need the new address`
  );
}

/** Whether a resource is part of what a flow has on the target that it leaves. */
export function isLeftBehind({ flow, from }: Move, urn: string, name: string): boolean {
  const [component] = Object.entries(COMPONENTS).find(([, target]) => target === from) as [
    string,
    unknown,
  ];
  return urn.includes(`${component}$`) && (name === flow || name.startsWith(`${flow}.`));
}
