import { chmodSync } from "node:fs";
import path from "node:path";
import { contentOfImage, flowContext } from "../../config/flowImage";
import { hashFolder } from "../../config/hash";
import type { Settings } from "../../config/settings";
import { repository, type Files } from "./repository";

const digest = (digit: string) => `registry.example/serving@sha256:${digit.repeat(64)}`;
const images: Settings["images"] = {
  built: { build: "images/serving" },
  given: { digest: digest("a") },
  copied: { digest: digest("a").replace("serving", "copy") },
  another: { digest: digest("b") },
  held: { flow: "web", from: "built" },
};
const dockerfile = "ARG SERVING_IMAGE\nFROM ${SERVING_IMAGE}\nCOPY flow/ /flow/\n";

function contentOf(files: Files = {}, from = "built", change: (root: string) => void = () => {}) {
  const { root, remove } = repository([], { "images/flow/Dockerfile": dockerfile, ...files });
  try {
    change(root);
    const named = { ...images, held: { flow: "web", from } };
    return contentOfImage(root, named, "held", hashFolder(root, "flows/web"));
  } finally {
    remove();
  }
}

test("an image that exists is named by its digest, any other by what it is built from", () => {
  const { root, remove } = repository();
  try {
    expect(contentOfImage(root, images, "given")).toEqual({ by: "digest", hash: "a".repeat(64) });
    expect(contentOfImage(root, images, "built")).toEqual({
      by: "context",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  } finally {
    remove();
  }
  expect(contentOf().by).toBe("flow");
});

test("every clone of the same bytes has the same hash", () => {
  expect(contentOf()).toEqual(contentOf());
});

test.each<[string, Files]>([
  ["data", { "flows/web/data/train.jsonl": '{"url": "https://example.org", "answer": "App"}\n' }],
  ["an overlay", { "flows/web/experiment.prod.yaml": "evaluators:\n" }],
  ["an evaluator", { "flows/web/evaluations/accuracy/flow.dag.yaml": "inputs: {}\n" }],
  ["what a run leaves behind", { "flows/web/.promptflow/flow.tools.json": "{}" }],
  ["keys of local runs", { "flows/web/.env": "aoai={}" }],
  ["another flow", { "flows/other/flow.dag.yaml": "inputs: {}\n" }],
  ["another file beside the Dockerfile", { "images/flow/README.md": "1" }],
])("%s makes no other image", (_what, files) => {
  expect(contentOf(files)).toEqual(contentOf());
});

test("permissions in a checkout make no other image, nor does the name of the same base", () => {
  const executable = (root: string) => chmodSync(path.join(root, "flows/web/flow.dag.yaml"), 0o755);
  expect(contentOf({}, "built", executable)).toEqual(contentOf());
  expect(contentOf({}, "copied")).toEqual(contentOf({}, "given"));
});

test("a file of the flow, the Dockerfile and the base each make another image", () => {
  const hashes = [
    contentOf(),
    contentOf({ "flows/web/prompt.jinja2": "" }),
    contentOf({ "flows/web/prompt.jinja2": "Be brief." }),
    contentOf({ "flows/web/prompts/prompt.jinja2": "Be brief." }),
    contentOf({ "images/flow/Dockerfile": `${dockerfile}USER 1\n` }),
    contentOf({ "images/serving/serve.py": "print()\n" }),
    contentOf({}, "given"),
    contentOf({}, "another"),
  ].map(({ hash }) => hash);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("the daemon gets the Dockerfile, and the model's files in a folder", () => {
  const { root, remove } = repository([], {
    "images/flow/Dockerfile": dockerfile,
    "flows/web/prompts/short.jinja2": "",
  });
  try {
    const { files } = flowContext(root, hashFolder(root, "flows/web"));
    expect(Object.keys(files)).toEqual([
      "Dockerfile",
      "flow/flow.dag.yaml",
      "flow/prompts/short.jinja2",
    ]);
  } finally {
    remove();
  }
});
