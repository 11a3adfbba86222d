import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { baseImageProblems } from "../../config/dockerfile";

const pinned = `python:3.11@sha256:${"a".repeat(64)}`;

/** `line:column image` of every problem. */
function problemsOf(text: string, handedOver?: string): string[] {
  const root = mkdtempSync(path.join(tmpdir(), "genaiops-dockerfile-"));
  writeFileSync(path.join(root, "Dockerfile"), text);
  try {
    return baseImageProblems(root, "Dockerfile", handedOver).map(
      ({ line, column, found }) => `${line}:${column} ${/"(.*)"/.exec(found)?.[1]}`,
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

test.each<[string, string, string[]]>([
  ["a digest", `FROM ${pinned}\n`, []],
  ["nothing", "FROM scratch\n", []],
  ["a tag", "FROM python:3.11\n", ["1:6 python:3.11"]],
  ["no tag", "# base\nFROM --platform=linux/amd64 python AS base\n", ["2:29 python"]],
  ["a digest that is cut", "FROM python@sha256:abc\n", ["1:6 python@sha256:abc"]],
  ["a stage of its own", `FROM ${pinned} AS Build\nFROM build\n`, []],
  ["a later stage", `FROM ${pinned}\nFROM node:20\n`, ["2:6 node:20"]],
  ["an argument by digest", `ARG base="${pinned}"\nFROM \${base}\n`, []],
  ["an argument by tag", "ARG tag=3.11\nFROM python:$tag\n", ["2:6 python:3.11"]],
  ["an argument without a default", "ARG base\nFROM $base\n", ["2:6 $base"]],
  [
    "an argument of a stage is none of FROM's",
    `FROM ${pinned}\nARG b=${pinned}\nFROM $b\n`,
    ["3:6 $b"],
  ],
  [
    "a copy from a stage",
    `FROM ${pinned} AS a\nFROM scratch\nCOPY --from=a /x /x\nCOPY --from=0 /y /y\n`,
    [],
  ],
  [
    "a copy from an image",
    `FROM ${pinned}\nCOPY --chown=1 --from=uv:0.8 /uv /uv\n`,
    ["2:23 uv:0.8"],
  ],
  ["a line that goes on", "FROM \\\n  python:3.11\n", ["1:1 python:3.11"]],
  [
    "several arguments in one",
    `ARG tag=3 base='${pinned}'\nFROM $base\nFROM a:$tag\n`,
    ["3:6 a:3"],
  ],
  ["an argument in an argument", "ARG tag=3\nARG base=python:$tag\nFROM $base\n", ["3:6 python:3"]],
  ["a value where the argument has none", "ARG base\nFROM ${base:-python:3}\n", ["2:6 python:3"]],
  [
    "what reads the file",
    `# syntax=docker/dockerfile:1\nFROM ${pinned}\n`,
    ["1:10 docker/dockerfile:1"],
  ],
  ["a comment that is no directive", `# base\n# syntax=docker/dockerfile:1\nFROM ${pinned}\n`, []],
  [
    "a mount from an image and from a stage",
    `FROM ${pinned} AS a\nRUN --mount=type=cache,target=/c --mount=type=bind,from=uv:0.8,target=/uv ls\nRUN --mount=from=a,target=/a ls\n`,
    ["2:57 uv:0.8"],
  ],
  ["another sign at the end of a line", "# escape=`\nFROM `\n  python:3.11\n", ["2:1 python:3.11"]],
  ["a byte order mark", "\uFEFFFROM python:3.11\n", ["1:6 python:3.11"]],
  [
    "scripts of every kind that say FROM",
    `FROM ${pinned}\nRUN --mount=type=cache,target=/c \\\n  <<A cat && <<-"B-B" cat\nFROM a\nA\n  B-B\nFROM b\n\tB-B\nADD <<C /c\nFROM c\nC\nRUN echo $((1<<2))\nFROM d\n`,
    ["13:6 d"],
  ],
  ["a script that says FROM", `FROM ${pinned}\nRUN <<EOF\nFROM a\nEOF\n`, []],
])("%s", (_what, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test.each<[string, string, string[]]>([
  ["stands for a digest", "ARG BASE\nFROM ${BASE} AS a\nFROM $BASE\nCOPY --from=a /x /x\n", []],
  ["wins over a default, as its value does in a build", "ARG BASE=python:3.11\nFROM $BASE\n", []],
  ["is none before it is declared", "FROM $BASE\n", ["1:6 $BASE"]],
  ["lets no other argument pass", "ARG BASE\nARG other\nFROM $other\n", ["3:6 $other"]],
  ["is whole", "ARG BASE\nFROM ${BASE}-slim\n", ["2:6 ${BASE}-slim"]],
])("the argument that the stack hands over %s", (_what, text, problems) => {
  expect(problemsOf(text, "BASE")).toEqual(problems);
});
