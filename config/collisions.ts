import type { Flow } from "./environment";
import type { Problem } from "./problem";
import { at } from "./stackChecks";
import type { StackText } from "./stackFile";

/** Flows and arms whose names, put together, are one: an endpoint, a model, or the name `<flow>-<arm>`. */
export function collisions(text: StackText, flows: readonly Flow[]): Problem[] {
  return [
    ...repeated(
      flows,
      (flow) => flow.endpointName,
      (name, other) => ({
        found: `its endpoint would be ${JSON.stringify(name)}, like that of ${other}`,
        mend: "rename one of the two flows",
      }),
    ),
    ...repeated(
      flows,
      (flow) => flow.modelName,
      (name, other) => ({
        found: `its model would be ${JSON.stringify(name)}, like that of ${other}`,
        mend: "give each experiment.yaml a name of its own",
      }),
    ),
  ]
    .map(({ flow, found, mend }) =>
      at(text, ["flows", flow], `${flow}: ${found}`, "a name of its own", mend, "key"),
    )
    .concat(armCollisions(text, flows));
}

function repeated(
  flows: readonly Flow[],
  nameOf: (flow: Flow) => string,
  say: (name: string, other: string) => { found: string; mend: string },
) {
  const seen = new Map<string, string>();
  return flows.flatMap((flow) => {
    const name = nameOf(flow);
    const other = seen.get(name);
    seen.set(name, other ?? flow.name);
    return other === undefined ? [] : [{ flow: flow.name, ...say(name, other) }];
  });
}

function armCollisions(text: StackText, flows: readonly Flow[]): Problem[] {
  const seen = new Map<string, string>();
  return flows.flatMap((flow) =>
    flow.arms.flatMap((arm) => {
      const name = `${flow.name}-${arm.name}`;
      const other = seen.get(name);
      seen.set(name, other ?? `the arm ${arm.name} of ${flow.name}`);
      return other === undefined
        ? []
        : [
            at(
              text,
              ["flows", flow.name, "arms", arm.name],
              `the arm ${arm.name} of ${flow.name} would be called ${JSON.stringify(name)}, like ${other}`,
              "flow and arm names that differ when joined by a hyphen",
              "rename the arm",
              "key",
            ),
          ];
    }),
  );
}
