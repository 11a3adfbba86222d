import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hashContext } from "../../config/buildContext";
import { ProblemsError } from "../../config/problem";
import { repository } from "./repository";
import type { Files } from "./repository";

const FOLDER = "images/serving";
const repositories: (() => void)[] = [];
afterAll(() => repositories.forEach((remove) => remove()));

function written(files: Files = {}): string {
  const { root, remove } = repository([], {
    [`${FOLDER}/serve.py`]: "print()\n",
    [`${FOLDER}/.dockerignore`]: "**/__pycache__\n**/.env\n*.md\n",
    ...files,
  });
  repositories.push(remove);
  return root;
}
const hashOf = (files: Files = {}) => hashContext(written(files), FOLDER).hash;

test("every clone of the same bytes has the same hash", () => {
  expect(hashOf()).toBe(hashOf());
});

test.each<[string, Files]>([
  ["a README", { [`${FOLDER}/README.md`]: "1" }],
  ["compiled Python", { [`${FOLDER}/__pycache__/serve.pyc`]: "1" }],
  ["keys that .dockerignore leaves out", { [`${FOLDER}/.env`]: "aoai={}" }],
])("%s changes no image", (_what, files) => {
  expect(hashOf(files)).toBe(hashOf());
});

test.each<[string, Files]>([
  ["a byte", { [`${FOLDER}/serve.py`]: "print(1)\n" }],
  ["a new file", { [`${FOLDER}/lib/a.py`]: "" }],
  [
    "the Dockerfile, also where it is left out",
    { [`${FOLDER}/Dockerfile`]: "FROM scratch\nUSER 1\n" },
  ],
  ["what .dockerignore lets through", { [`${FOLDER}/.dockerignore`]: "**/.env\n" }],
])("%s is another image", (_what, files) => {
  expect(hashOf(files)).not.toBe(hashOf());
});

test("the Dockerfile's own rules go before those of the folder", () => {
  const own = { [`${FOLDER}/Dockerfile.dockerignore`]: "**/.env\n*.txt\n" };
  const hash = hashOf(own);
  expect(hashOf({ ...own, [`${FOLDER}/a.txt`]: "1" })).toBe(hash);
  expect(hashOf({ ...own, [`${FOLDER}/README.md`]: "1" })).not.toBe(hash);
});

test("permissions and the target of a link are part of an image", () => {
  const root = written({ [`${FOLDER}/a.txt`]: "1", [`${FOLDER}/b.txt`]: "1" });
  const hash = () => hashContext(root, FOLDER).hash;
  const link = path.join(root, FOLDER, "link");
  const seen = [hash()];
  chmodSync(path.join(root, FOLDER, "a.txt"), 0o755);
  seen.push(hash());
  for (const target of ["a.txt", "b.txt"]) {
    symlinkSync(target, link);
    seen.push(hash());
    rmSync(link);
  }
  expect(new Set(seen).size).toBe(4);
});

test("all that may not go into an image is told at once", () => {
  const root = written({ [`${FOLDER}/.dockerignore`]: "*.md\n", [`${FOLDER}/.env`]: "aoai={}" });
  writeFileSync(path.join(root, "outside.txt"), "1");
  symlinkSync("../../outside.txt", path.join(root, FOLDER, "link"));
  symlinkSync("nothing", path.join(root, FOLDER, "loose"));
  spawnSync("mkfifo", [path.join(root, FOLDER, "pipe")]);
  expect(() => hashContext(root, FOLDER)).toThrow(
    new ProblemsError([
      at(".env", {
        found: "the file with the keys of local runs would go into the image",
        allowed: "an image without secrets",
        mend: "add **/.env to .dockerignore of the folder that is built",
      }),
      ...["link", "loose"].map((file) =>
        at(file, {
          found: "a symbolic link that leads out of the folder that is built, or to nothing",
          allowed: "files, and relative links to what is in the same folder",
          mend: "copy what it leads to",
        }),
      ),
      at("pipe", noFile),
    ]),
  );
});

test("a pipe in place of .dockerignore is refused, and one that .dockerignore names is no part", () => {
  const root = written({ [`${FOLDER}/.dockerignore`]: null });
  const { hash } = hashContext(root, FOLDER);
  const ignore = path.join(root, FOLDER, ".dockerignore");
  spawnSync("mkfifo", [ignore]);
  expect(() => hashContext(root, FOLDER)).toThrow(new ProblemsError([at(".dockerignore", noFile)]));
  rmSync(ignore);
  writeFileSync(ignore, "pipe\n.dockerignore\n");
  spawnSync("mkfifo", [path.join(root, FOLDER, "pipe")]);
  expect(hashContext(root, FOLDER).hash).toBe(hash);
});

const noFile = {
  found: "neither a file nor a folder",
  allowed: "files, folders, and relative links to what is in the same folder",
  mend: "remove it, or leave it out by .dockerignore",
};

const at = (file: string, fault: { found: string; allowed: string; mend: string }) => ({
  file: `${FOLDER}/${file}`,
  line: 1,
  column: 1,
  path: "",
  ...fault,
});
