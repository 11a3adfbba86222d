import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ProblemsError } from "../../config/problem";
import { readEnvironment } from "../../config/read";
import type { ReadOptions } from "../../config/read";
import { readExperiment } from "../../config/readExperiment";
import { repository } from "./repository";
import type { Edit, Files } from "./repository";
import { EVALUATING } from "./wrong/wrong";

const ROOT = path.join(__dirname, "..", "..");

function read(edits: readonly Edit[] = [], files: Files = {}, options: Partial<ReadOptions> = {}) {
  const { root, remove } = repository(edits, files);
  try {
    return { root, environment: readEnvironment({ root, stack: "dev", ...options }) };
  } finally {
    remove();
  }
}

/** What the engine holds of the sound stack: every value as text, objects with sorted keys, defaults filled in. */
const VALUES = {
  "azure-native:location": "swedencentral",
  "azure-native:subscriptionId": "11111111-1111-4111-8111-111111111111",
  "azure-native:tenantId": "22222222-2222-4222-8222-222222222222",
  "genaiops-platform:armDefaults": '{"image":"serving"}',
  "genaiops-platform:compute": "{}",
  "genaiops-platform:connections": '[{"name":"aoai","type":"azureOpenAI"}]',
  "genaiops-platform:endpointIdentity": "",
  "genaiops-platform:flows":
    '{"web":{"arms":{"green":{"variant":"summarize.short","version":"approved","weight":10},"blue":{"version":3,"weight":90}}}}',
  "genaiops-platform:images": '{"serving":{"build":"images/serving"}}',
  "genaiops-platform:limits": "{}",
  "genaiops-platform:network": "open",
  "genaiops-platform:openAI": '{"mode":"create"}',
  "genaiops-platform:protect": "false",
  "genaiops-platform:secrets": '{"search-key":"c4n4ry"}',
  "genaiops-platform:suffix": "",
  "genaiops-platform:tags": "{}",
  "genaiops-platform:workspace": "{}",
};

test("a flow and its arms, every default filled in", () => {
  const { environment } = read();
  expect(environment.flows).toEqual([
    {
      name: "web",
      folder: "flows/web",
      target: { name: "managed" },
      endpointName: "web-dev-cibxs2",
      modelName: "web_dev",
      authentication: "AADToken",
      publicAccess: true,
      content: undefined,
      mirror: undefined,
      arms: [
        {
          name: "blue",
          version: 3,
          weight: 90,
          environment: {},
          image: "serving",
          holdsFlow: false,
          instance: "Standard_DS3_v2",
          instances: 1,
          requestTimeoutSeconds: 90,
          concurrentRequests: 1,
        },
        {
          name: "green",
          version: "approved",
          weight: 10,
          variant: "summarize.short",
          environment: {},
          image: "serving",
          holdsFlow: false,
          instance: "Standard_DS3_v2",
          instances: 1,
          requestTimeoutSeconds: 90,
          concurrentRequests: 1,
        },
      ],
      experiment: {
        name: "web",
        flow: "flows/web",
        kind: "dag",
        runtime: undefined,
        gate: {},
        connections: [
          {
            name: "aoai",
            connection_type: "AzureOpenAIConnection",
            api_base: "${api_base}",
            api_key: "${api_key}",
          },
        ],
        datasets: [
          {
            name: "train",
            source: "data/train.jsonl",
            path: "flows/web/data/train.jsonl",
            mappings: { url: "${data.url}" },
          },
        ],
        evaluators: [
          {
            name: "accuracy",
            flow: "flows/web/evaluations/accuracy",
            kind: "dag",
            datasets: [
              {
                name: "train",
                reference: "train",
                source: "data/train.jsonl",
                path: "flows/web/data/train.jsonl",
                description: undefined,
                mappings: { truth: "${data.answer}", answer: "${run.outputs.category}" },
              },
            ],
          },
        ],
      },
    },
  ]);
});

const dockerfile = { "images/flow/Dockerfile": "ARG SERVING_IMAGE\nFROM ${SERVING_IMAGE}\n" };
const images = "  images:\n    serving: { build: images/serving }\n";
const held = "    held: { flow: web, from: serving }\n";
const inHeld = (version: string): Edit => ({
  from: "blue: { version: 3,",
  to: `blue: { version: ${version}, image: held,`,
});

test.each<[string, Edit[], Files]>([
  ["this stack", [{ from: images, to: images + held }, inHeld("current")], dockerfile],
  [
    "the environment that evaluates",
    [{ from: images, to: "  promotion: { from: test }\n" }, inHeld("3")],
    { "Pulumi.test.yaml": `${EVALUATING}${held}` },
  ],
])("an arm knows that its image, one of %s, holds the flow", (_whose, edits, files) => {
  const [flow] = read(edits, files).environment.flows;
  expect(flow?.arms.map(({ name, holdsFlow }) => [name, holdsFlow])).toEqual([
    ["blue", true],
    ["green", false],
  ]);
});

describe("what the engine holds and what the file says are one environment", () => {
  test("whatever the order of arms", () => {
    const { root, remove } = repository();
    const fromFile = readEnvironment({ root, stack: "dev" });
    const fromEngine = readEnvironment({ root, stack: "dev", values: VALUES });
    remove();
    expect(fromEngine).toEqual(fromFile);
  });

  test("and no secret travels in it", () => {
    const { environment } = read([], {}, { values: VALUES });
    expect(environment.settings.secrets).toEqual({ "search-key": "[secret]" });
    expect(JSON.stringify(environment)).not.toContain("c4n4ry");
  });

  test("nor is one shown when the engine's value is wrong", () => {
    const values = { ...VALUES, "genaiops-platform:secrets": "c4n4ry" };
    expect(() => read([], {}, { values })).toThrow(ProblemsError);
    expect(() => read([], {}, { values })).not.toThrow(/c4n4ry/);
  });

  test("where keys have the project's namespace and booleans are text, as the engine writes them", () => {
    const { environment } = read([
      {
        from: "  network: open",
        to: '  genaiops-platform:network: open\n  genaiops-platform:protect: "true"',
      },
    ]);
    expect([environment.settings.network, environment.settings.protect]).toEqual(["open", true]);
  });

  test("where the engine's value is wrong, the file tells the place", () => {
    const values = { ...VALUES, "genaiops-platform:network": "shut" };
    expect(() => read([], {}, { values })).toThrow(
      'Pulumi.dev.yaml:5:12  network is "shut"; one of open, closed; write one of "open", "closed"',
    );
  });
});

test("nothing in an environment can be changed", () => {
  const { environment } = read();
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen));
  expect(frozen(environment)).toBe(true);
});

test("only an arm that serves this checkout makes its files known", () => {
  const { environment } = read([{ from: "version: 3", to: "version: current" }]);
  expect(Object.keys(environment.flows[0]?.content?.files ?? {})).toEqual(["flow.dag.yaml"]);
});

test("endpoints are private in a closed network", () => {
  const { environment } = read([{ from: "network: open", to: "network: closed" }]);
  expect(environment.flows.map(({ publicAccess }) => publicAccess)).toEqual([false]);
});

describe("notices", () => {
  test("none for an ordinary stack", () => {
    expect(read().environment.notices).toEqual([]);
  });

  test("of live arms with few instances in a protected stack", () => {
    const { environment } = read([{ from: "network: open", to: "network: open\n  protect: true" }]);
    expect(environment.notices).toEqual([
      "web: the live arm blue has 1 instance; 3 stay available",
      "web: the live arm green has 1 instance; 3 stay available",
    ]);
  });

  test("of a flow that no request reaches", () => {
    const { environment } = read([
      { from: "weight: 90", to: "weight: 0" },
      { from: "weight: 10", to: "weight: 0" },
    ]);
    expect(environment.notices).toEqual(["web: no arm gets requests; every weight is 0"]);
  });

  test("of a Web App that nobody reaches, in an open network too", () => {
    const { environment } = read([
      {
        from: "  network: open\n",
        to: "  network: open\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n",
      },
      { from: "    web:\n", to: "    web:\n      target: webApp\n      publicAccess: false\n" },
    ]);
    expect(environment.notices).toEqual([
      "web: its Web App stands without public access; the way in (a private endpoint) is yours to give",
    ]);
  });

  test("of the arm that gets all where a Web App has no weights", () => {
    const { environment } = read([
      { from: "weight: 90", to: "weight: 0" },
      { from: "weight: 10", to: "weight: 0" },
      {
        from: "  network: open\n",
        to: "  network: open\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n",
      },
      { from: "    web:\n", to: "    web:\n      target: webApp\n" },
    ]);
    expect(environment.notices).toEqual([
      "web: every weight is 0, and a Web App's production slot takes what no other takes: blue gets all requests",
    ]);
  });
});

describe("an overlay", () => {
  const dev = "flows/web/experiment.dev.yaml";
  const second = '{"url": "https://example.org", "answer": "App"}\n';

  function experiment(text: string) {
    const { root, remove } = repository([], {
      [dev]: text,
      "flows/web/data/second.jsonl": second,
    });
    try {
      return readExperiment({ root, flow: "web", env: "dev" });
    } finally {
      remove();
    }
  }

  test("that is empty changes nothing", () => {
    const base = experiment("");
    expect(base.datasets.map(({ name }) => name)).toEqual(["train"]);
    expect(base.evaluators.map(({ name }) => name)).toEqual(["accuracy"]);
  });

  test("replaces a whole block that is present, and leaves the others", () => {
    const { datasets, evaluators, runtime } = experiment(
      "datasets:\n  - { name: train, source: data/second.jsonl }\nruntime: nightly\n",
    );
    expect(datasets).toEqual([
      {
        name: "train",
        source: "data/second.jsonl",
        path: "flows/web/data/second.jsonl",
        mappings: {},
      },
    ]);
    expect(evaluators.map((each) => each.datasets[0]?.path)).toEqual([
      "flows/web/data/second.jsonl",
    ]);
    expect(runtime).toBe("nightly");
  });

  test("means none by a key without a value", () => {
    expect(experiment("evaluators:\n").evaluators).toEqual([]);
    expect(experiment("evaluators:\ndatasets:\n").datasets).toEqual([]);
  });

  test("replaces the gate, and without a value takes it away", () => {
    expect(experiment("gate: { accuracy: 0.9, tone.polite: 1 }\n").gate).toEqual({
      accuracy: 0.9,
      "tone.polite": 1,
    });
    expect(experiment("gate:\n").gate).toEqual({});
    expect(() => experiment("gate: { a=b: 1 }\n")).toThrow("metric or evaluator.metric");
    expect(() => experiment("gate: { accuracy: high }\n")).toThrow("experiment.dev.yaml:1:");
  });

  test("of another environment is not read", () => {
    const { root, remove } = repository([], { "flows/web/experiment.prod.yaml": "evaluators:\n" });
    expect(readExperiment({ root, flow: "web", env: "dev" }).evaluators).toHaveLength(1);
    expect(readExperiment({ root, flow: "web", env: "prod" }).evaluators).toHaveLength(0);
    remove();
  });
});

test("a flow's folder is searched first under flows/", () => {
  const { root, remove } = repository();
  const inner = path.join(root, "flows", "web", "flows", "web");
  mkdirSync(inner, { recursive: true });
  writeFileSync(path.join(inner, "flow.flex.yaml"), "entry: a:b\n");
  writeFileSync(path.join(inner, "a.py"), "def b(): ...\n");
  const { flow, kind } = readExperiment({ root, flow: "web", env: "test" });
  remove();
  expect([flow, kind]).toEqual(["flows/web/flows/web", "flex"]);
});

test("an evaluator brings data of its own, measured against the run on its reference", () => {
  const { root, remove } = repository(
    [
      {
        file: "flows/web/experiment.yaml",
        from: "      - reference: train\n",
        to: "      - name: graded\n        reference: train\n        source: azureml:graded:3\n",
      },
    ],
    {},
  );
  const [evaluator] = readExperiment({ root, flow: "web", env: "dev" }).evaluators;
  remove();
  expect(evaluator?.datasets[0]).toMatchObject({
    name: "graded",
    reference: "train",
    source: "azureml:graded:3",
    path: undefined,
  });
});

test.each([
  ["dev", "open", false],
  ["prod", "closed", true],
])("the stack %s of this repository is sound", (stack, network, protect) => {
  const { settings, flows } = readEnvironment({ root: ROOT, stack });
  expect([settings.network, settings.protect]).toEqual([network, protect]);
  expect(flows.length).toBeGreaterThan(0);
});

test("on a Web App a variable may be a reference to a key vault", () => {
  const reference = "@Microsoft.KeyVault(VaultName=kv;SecretName=search-key)";
  const { environment } = read([
    {
      from: "  network: open\n",
      to: "  network: open\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n",
    },
    { from: "    web:\n", to: "    web:\n      target: webApp\n" },
    {
      from: "version: 3, weight: 90 }",
      to: `version: 3, weight: 90, environment: { SEARCH_KEY: "${reference}" } }`,
    },
  ]);
  expect(environment.flows[0]?.target).toEqual({ name: "webApp", sku: "P0v3" });
  expect(environment.flows[0]?.arms[0]?.environment).toEqual({ SEARCH_KEY: reference });
});
