import { isSecretName } from "../../config/display";
import { columnsOf } from "../../config/folders";
import { readEnvironment } from "../../config/read";
import { repository, type Edit, type Files } from "./repository";

/** What lies just inside of a rule, whose outside the tables in wrong/ show. */

function read(edits: readonly Edit[], files: Files = {}) {
  const { root, remove } = repository(edits, files);
  try {
    return readEnvironment({ root, stack: "dev" });
  } finally {
    remove();
  }
}

test("as many endpoints and deployments as the limits say", () => {
  const { settings } = read([
    { from: "network: open", to: "network: open\n  limits: { endpoints: 1, deployments: 2 }" },
  ]);
  expect([settings.limits.endpoints, settings.limits.deployments]).toEqual([1, 2]);
});

test("a Web App is none of the endpoints that are limited", () => {
  const { settings } = read([
    {
      from: "network: open",
      to: "network: open\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n  limits: { endpoints: 1, deployments: 1 }",
    },
    { from: "    web:\n", to: "    web:\n      target: webApp\n" },
  ]);
  expect(settings.limits.deployments).toBe(1);
});

test("a container's request may take 300 seconds on Kubernetes", () => {
  const { flows } = read(
    [
      {
        from: "network: open",
        to: "network: open\n  kubernetes: { mode: existing, name: aks-flows }",
      },
      { from: "    web:\n", to: "    web:\n      target: kubernetes\n" },
      { from: "variant: summarize.short", to: "requestTimeoutSeconds: 300" },
    ],
    { "flows/web/flow.dag.yaml": null, "flows/web/Dockerfile": "FROM scratch\n" },
  );
  expect(flows[0]).toMatchObject({
    target: { name: "kubernetes", utilization: 70 },
    endpointName: "web-dev-k8s-cibxs2",
    authentication: "AMLToken",
    arms: [{ requestTimeoutSeconds: 90 }, { requestTimeoutSeconds: 300 }],
  });
  expect(flows[0]?.publicAccess).toBeUndefined();
});

test("a container's request may take 180 seconds", () => {
  const { flows } = read([{ from: "variant: summarize.short", to: "requestTimeoutSeconds: 180" }], {
    "flows/web/flow.dag.yaml": null,
    "flows/web/Dockerfile": "FROM scratch\n",
  });
  expect(flows[0]?.arms.map((arm) => arm.requestTimeoutSeconds)).toEqual([90, 180]);
});

test("a byte order mark is no part of a data set's first column", () => {
  const { root, remove } = repository([], { "data.jsonl": '\uFEFF{"url": "a"}\n' });
  expect(columnsOf(root, "data.jsonl")).toEqual(["url"]);
  remove();
});

test.each([
  ["api_key", true],
  ["OPENAI_API_KEY", true],
  ["accessToken", true],
  ["sas-token", true],
  ["clientSecret", true],
  ["connectionString", true],
  ["tokens_per_minute", false],
  ["keyboard", false],
  ["monkey", false],
  ["Tokenizer", false],
])("%s names a secret: %s", (name, secret) => {
  expect(isSecretName(name)).toBe(secret);
});
