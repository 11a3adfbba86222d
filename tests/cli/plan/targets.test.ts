import type { Environment } from "../../../config/environment";
import type { Scale } from "../../../config/scaleSettings";
import { factsOf } from "../../../packages/cli/plan/facts";
import { renderMarkdown } from "../../../packages/cli/plan/markdown";
import { renderTree } from "../../../packages/cli/plan/tree";
import {
  cluster,
  onKubernetes,
  onWebApp,
  registration,
  someArm,
  someEnvironment,
  someFlow,
} from "../../support/environment";
import { planned } from "./planned";

jest.setTimeout(60_000);

/** What the plan says of each flow: target, arms, weights, version, image and scale. */

const scale: Scale = {
  min: 2,
  max: 5,
  rules: [
    { metric: "cpu" as const, above: 70, add: 2 },
    { metric: "memory" as const, below: 30, remove: 1 },
  ],
  timeZone: "UTC",
  schedule: [{ name: "office", days: ["Monday"], from: "08:00", to: "18:00", min: 3, max: 9 }],
};

const settings = {
  scale,
  arms: { blue: { version: 3, weight: 90 }, green: { version: 4, weight: 10 } },
};

async function facts(environment: Environment) {
  const recorded = await planned(environment);
  return factsOf(recorded, environment);
}

test("every flow with its target, and its arms with what each is and how it scales", async () => {
  const found = await facts(
    someEnvironment(
      { ...cluster, ...registration, limits: { cores: 400 }, flows: { scaled: settings } },
      [
        someFlow("scaled", { scale }),
        onKubernetes(someFlow("small"), { requests: { cpu: "500m", memory: "1Gi" } }),
        onWebApp(
          someFlow("app", {
            arms: [
              someArm("blue", { version: "approved", weight: 90, instances: 2 }),
              someArm("green", { version: 4, weight: 10, variant: "node.short" }),
            ],
          }),
        ),
        onKubernetes(someFlow("typed", { scale: { ...scale, schedule: [] } }), {
          instanceType: "gpu",
        }),
      ],
    ),
  );
  const tree = renderTree(found);
  const lines = (name: string) => {
    const all = tree.split("\n");
    const first = all.findIndex((line) => line.startsWith(`  ${name}  `) && line.includes("-dev-"));
    return all.slice(first, first + 5).map((line) => line.trimEnd().replace(/ {2,}/g, "  "));
  };
  const image = "registry.example/serve@sha256:aaaaaaaaaaaa…";
  expect(lines("scaled")).toEqual([
    "  scaled  managed · scaled-dev-cibxs2 · AADToken · public access on",
    `  blue  ██████████████████░░  90 %  version 3  2 to 5 × Standard_DS3_v2  ${image}`,
    `  green  ██░░░░░░░░░░░░░░░░░░  10 %  version 4  2 to 5 × Standard_DS3_v2  ${image}`,
    "  scale: cpu above 70 % adds 2, memory below 30 % removes 1",
    "  instances by schedule: office 3 to 9 (Mon 08:00 to 18:00, UTC)",
  ]);
  expect(lines("small").slice(0, 2)).toEqual([
    "  small  kubernetes · small-dev-k8s-cibxs2 · AMLToken",
    `  blue  ██████████████████░░  90 %  version 3  1 × defaultinstancetype (500m CPU, 1Gi)  ${image}`,
  ]);
  expect(lines("app").slice(0, 3)).toEqual([
    "  app  webApp · app-dev-app-cibxs2 · public access on",
    `  blue  ██████████████████░░  90 %  version newest approved  2 × P0v3  ${image}`,
    `  green  ██░░░░░░░░░░░░░░░░░░  10 %  version 4  variant node.short  2 × P0v3  ${image}`,
  ]);
  const shown = (line: string) =>
    tree
      .split("\n")
      .find((one) => one.trim().startsWith(`${line} `))
      ?.replace(/ {2,}/g, "  ");
  expect(shown("app.plan")).toBe("  app.plan  AppServicePlan  app-dev-app-cibxs2-plan · 2 × P0v3");
  expect(shown("app.green.authentication")).toBe(
    `  app.green.authentication  WebAppAuthSettingsV2Slot  tokens of ${registration.webApp.clientId}`,
  );
  expect(shown("app.scm")).toBe("  app.scm  WebAppScmAllowed  publishing with a password off");
  expect(lines("typed")[1]).toContain("2 to 5 × gpu");
  expect(lines("typed")[3]).toBe("  scale: containers are added above 70 % busy");
  // Two arms of up to 9 instances, which become 11, of 4 cores.
  expect(tree).toContain("cores 88 of 400");

  const markdown = renderMarkdown(found);
  expect(markdown).toContain(
    "| **scaled** | managed; cpu above 70 % adds 2; memory below 30 % removes 1; office 3 to 9 (Mon 08:00 to 18:00, UTC) | `blue` |",
  );
  expect(markdown).toContain(
    "| **typed** | kubernetes; containers are added above 70 % busy | `blue` |",
  );
  expect(markdown).toContain("| 2 to 5 × gpu |");
});
