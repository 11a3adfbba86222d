import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import path from "node:path";
import { hashFile, hashFolder } from "../../config/hash";
import { repository } from "./repository";
import type { Files } from "./repository";

const FLOW = "flows/web";

function contentOf(files: Files = {}) {
  const { root, remove } = repository([], files);
  try {
    return hashFolder(root, FLOW);
  } finally {
    remove();
  }
}

test("a flow's content is its code: no data, no experiment files, no evaluators", () => {
  expect(Object.keys(contentOf().files)).toEqual(["flow.dag.yaml"]);
  expect(
    Object.keys(
      contentOf({ "flows/web/b/z.py": "1", "flows/web/b-a.py": "1", "flows/web/B.py": "1" }).files,
    ),
  ).toEqual(["B.py", "b-a.py", "b/z.py", "flow.dag.yaml"]);
});

test("the hash is SHA-256 of the sorted paths and the files' own SHA-256", () => {
  const file = createHash("sha256").update("print(1)\n").digest("hex");
  const { root, remove } = repository([], { "tool/a.py": "print(1)\n" });
  expect(hashFolder(root, "tool")).toEqual({
    files: { "a.py": file },
    hash: createHash("sha256").update(`a.py\0${file}\n`).digest("hex"),
  });
  remove();
});

test("what is neither a file nor a folder is named and not read", async () => {
  const { root, remove } = repository([], {});
  const server = createServer().listen(path.join(root, FLOW, "socket"));
  await once(server, "listening");
  try {
    expect(() => hashFolder(root, FLOW)).toThrow(
      "flows/web/socket:1:1  neither a file nor a folder; files, and links to files inside the repository; remove it",
    );
  } finally {
    await new Promise((closed) => server.close(closed));
    remove();
  }
});

const same = contentOf().hash;

test.each<[string, Files]>([
  ["data", { "flows/web/data/train.jsonl": '{"url": "x", "answer": "y"}\n' }],
  ["an overlay", { "flows/web/experiment.prod.yaml": "evaluators:\n" }],
  ["an evaluator", { "flows/web/evaluations/accuracy/grade.py": "1" }],
  ["compiled Python", { "flows/web/__pycache__/a.pyc": "1", "flows/web/a.pyc": "1" }],
  ["what prompt flow leaves behind", { "flows/web/.promptflow/flow.tools.json": "{}" }],
  ["runs", { "flows/web/.runs/a/flow.dag.yaml": "1" }],
  ["keys for a local run", { "flows/web/.env": "aoai={}" }],
])("%s changes no model", (_what, files) => {
  expect(contentOf(files).hash).toBe(same);
});

test.each<[string, Files]>([
  ["a new file", { "flows/web/tidy.py": "1" }],
  ["an empty file", { "flows/web/__init__.py": "" }],
  ["a file in a folder called data below the top", { "flows/web/lib/data/a.txt": "1" }],
  ["a changed file", { "flows/web/flow.dag.yaml": "inputs: {}\n" }],
])("%s is another model", (_what, files) => {
  expect(contentOf(files).hash).not.toBe(same);
});

test("a moved file and two that share their bytes differ", () => {
  const one = contentOf({ "flows/web/a.py": "12", "flows/web/b.py": "3" });
  const other = contentOf({ "flows/web/a.py": "1", "flows/web/b.py": "23" });
  const moved = contentOf({ "flows/web/c.py": "12", "flows/web/b.py": "3" });
  expect(new Set([one.hash, other.hash, moved.hash]).size).toBe(3);
});

test("a dataset is one file under its own name", () => {
  const { root, remove } = repository();
  expect(Object.keys(hashFile(root, "flows/web/data/train.jsonl").files)).toEqual(["train.jsonl"]);
  remove();
});
