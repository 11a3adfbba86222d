import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { metricsOf, minutesOf, stepsOf } from "../../../packages/cli/rollout/arguments";
import { performRollout, type RolloutRequest } from "../../../packages/cli/rollout/perform";
import { repository, type Edit } from "../../config/repository";

/** What is wrong before anything is asked of Azure or changed in the repository. */

const begin: Edit[] = [
  { from: "weight: 90", to: "weight: 100" },
  { from: "weight: 10,", to: "weight: 0," },
];

async function refusalOf(edits: readonly Edit[], asked: Partial<RolloutRequest> = {}) {
  const { root, remove } = repository(edits);
  const file = path.join(root, "Pulumi.dev.yaml");
  const before = readFileSync(file, "utf8");
  try {
    await performRollout({
      ...{ root, flow: "web", to: "green", steps: "10,50,100", bake: "15m", env: "dev" },
      ...{ commit: false, deployWithin: "1h", signal: new AbortController().signal },
      ...asked,
    });
    return "no error";
  } catch (error) {
    return (error as Error).message;
  } finally {
    expect(readFileSync(file, "utf8")).toBe(before);
    remove();
  }
}

test.each<[string, readonly Edit[], Partial<RolloutRequest>, string]>([
  [
    "an unknown flow",
    begin,
    { flow: "wbe" },
    'Pulumi.dev.yaml:15:3  there is no flow "wbe" in dev; a flow of this environment; did you mean "web"?',
  ],
  [
    "an unknown arm",
    begin,
    { to: "gren" },
    'Pulumi.dev.yaml:17:7  there is no arm "gren"; an arm of this flow; did you mean "green"?',
  ],
  [
    "an arm called like what every object has",
    begin,
    { to: "constructor" },
    'Pulumi.dev.yaml:17:7  there is no arm "constructor"; an arm of this flow',
  ],
  [
    "an arm that has all already",
    begin,
    { to: "blue" },
    "Pulumi.dev.yaml:18:9  blue has weight 100 already; a weight below 100; nothing is to be rolled out",
  ],
  [
    "nobody to compare with",
    [
      { from: "weight: 90", to: "weight: 0" },
      { from: "weight: 10,", to: "weight: 0," },
    ],
    {},
    "Pulumi.dev.yaml:17:7  no other arm gets requests; an arm to compare with and to take back to; give another arm weight 100 first",
  ],
  [
    "an arm that is mirrored to",
    [
      ...begin,
      { from: "      arms:\n", to: "      mirror: { arm: green, percent: 10 }\n      arms:\n" },
    ],
    {},
    "Pulumi.dev.yaml:17:7  green gets mirrored requests; an arm has live or mirrored requests, not both; remove mirror and deploy, then roll out",
  ],
  [
    "a Web App",
    [
      {
        from: "  network: open\n",
        to: "  network: open\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n",
      },
      { from: "      arms:\n", to: "      target: webApp\n      arms:\n" },
    ],
    {},
    "Pulumi.dev.yaml:18:15  the flow runs on a Web App; arms are compared on online endpoints alone: managed and kubernetes; change weights by hand and deploy, each time after: genaiops test-endpoint",
  ],
  [
    "steps that are all done",
    [],
    { steps: "5" },
    "Pulumi.dev.yaml:19:9  green has weight 10, more than every step of 5; a step of at least the arm's weight; add a step, for example 100",
  ],
  [
    "no git",
    begin,
    { commit: true },
    "Pulumi.dev.yaml:1:1  this folder is no git work tree; add --no-commit or run it in one",
  ],
  ["an unknown stack", begin, { env: "prd" }, 'there is no stack "prd"'],
  [
    "a bake of seconds",
    begin,
    { bake: "30s" },
    '--bake: found "30s"; allowed is a whole number of minutes, hours or days of at least 3m; write for example 15m or 2h',
  ],
  [
    "a margin that is no number",
    [
      ...begin,
      { from: "      arms:\n", to: "      rollout: { margins: { p95: 20% } }\n      arms:\n" },
    ],
    {},
    "Pulumi.dev.yaml:17:34",
  ],
])("%s is refused", async (_, edits, asked, message) => {
  expect(await refusalOf(edits, asked)).toContain(message);
});

test("a weight behind an anchor is refused at its place", async () => {
  const message = await refusalOf([
    { from: "weight: 90", to: "weight: &w 100" },
    { from: "weight: 10,", to: "weight: 0," },
  ]);
  expect(message).toBe(
    "Pulumi.dev.yaml:18:40  blue: its weight has the anchor &w, which others may share; a weight of its own, which a roll-out can change; remove the anchor and write out what uses it",
  );
});

test("a journal that is none is named", async () => {
  const { root, remove } = repository(begin);
  const file = path.join(root, ".genaiops/rollouts/web/dev.json");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '{"version": 1, "st');
  await expect(
    performRollout({
      ...{ root, flow: "web", to: "green", steps: "100", bake: "15m", env: "dev" },
      ...{ commit: false, deployWithin: "1h", signal: new AbortController().signal },
    }),
  ).rejects.toThrow(`${file}:1:1  this is no journal of a roll-out`);
  remove();
});

test.each([
  ["10,50,100", [10, 50, 100]],
  [" 10 , 100", [10, 100]],
  ["100", [100]],
])("the steps %j", (text, steps) => expect(stepsOf(text)).toEqual(steps));

test.each(["", "0,100", "50,10", "10,10", "101", "10;50", "ten", "10,,50", "1e1", "-5", "10.5"])(
  "the steps %j are refused",
  (text) => expect(() => stepsOf(text)).toThrow(`--steps: found ${JSON.stringify(text)}`),
);

test.each([
  ["15m", 15],
  ["2h", 120],
  ["1d", 1440],
])("the time %j", (text, minutes) => expect(minutesOf("--bake", text, 3)).toBe(minutes));

test.each(["", "15", "m", "0m", "2m", "-5m", "1.5h", "15 m", "1w", "999999d"])(
  "the time %j is refused",
  (text) =>
    expect(() => minutesOf("--bake", text, 3)).toThrow(`--bake: found ${JSON.stringify(text)}`),
);

test.each(["", "p95,p95", "latency", "p95;5xx", "P95"])("the metrics %j are refused", (text) =>
  expect(() => metricsOf(text)).toThrow(`--metric: found ${JSON.stringify(text)}`),
);
