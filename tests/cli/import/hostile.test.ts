import fs from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parse } from "yaml";
import { importFlow } from "../../../packages/cli/import/perform";
import { Place, section } from "./place";
import { KEY } from "./wrong/wrong";

jest.setTimeout(120_000);

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => {
  jest.restoreAllMocks();
  place.remove();
});

const CONFIG = "configs/deployment_config.json";
const stack = (name: string) => place.tree[`Pulumi.${name}.yaml`] as string;

/** As Azure's services have them: nothing but its name says that it is a key. */
const HEX = "0a1b2c3d".repeat(4);

test.each([KEY, HEX])(
  "no key of the source is copied or said, wherever it stands: %#",
  async (key) => {
    for (const file of ["experiment.yaml", "experiment.dev.yaml"])
      place.replace(file, "${api_key}", `"${key}"`);
    place.replace(CONFIG, '"gpt-4o-mini"', JSON.stringify(key));
    place.replace(CONFIG, '"example-name"', JSON.stringify(key));
    place.write("environment/env.yaml", `AOAI_API_KEY: ${key}\nOTHER: ${key}\n`);
    place.write("flows/triage_class/init.json", `{"a": [{"api_key": "${key}", "b": 1}]}`);
    place.write("flows/triage_class/run.yml", `init: { password: '${key}', b: 1 }\ntext: |\n  a\n`);
    place.write("flows/triage_class/more.yaml", `api_key: |\n  ${key}\nb: 1\n`);
    for (const file of [".env", ".env.dev", "flows/triage/.env", "flows/triage/key.pem"])
      place.write(file, `AOAI_API_KEY=${key}\n`);
    const done = await place.bring();
    expect(done.valid).toBe(true);
    expect(done.text).not.toContain(key);
    expect(
      Object.entries(place.tree).filter(([name, text]) => (name + text).includes(key)),
    ).toEqual([]);
    const came = (file: string) => place.tree[`flows/ticket-triage/${file}`] as string;
    expect(came("experiment.yaml")).toContain('  api_key: "${api_key}"\n  api_type: azure\n');
    expect(JSON.parse(came("flows/triage_class/init.json"))).toEqual({
      a: [{ api_key: "${api_key}", b: 1 }],
    });
    expect(parse(came("flows/triage_class/run.yml"))).toEqual({
      init: { password: "${password}", b: 1 },
      text: "a\n",
    });
    expect(parse(came("flows/triage_class/more.yaml"))).toEqual({ api_key: "${api_key}", b: 1 });
  },
);

test("byte order marks, CRLF and tabs are read as editors of Windows write them", async () => {
  const windows = (file: string) => place.text(file).replaceAll("\n", "\r\n");
  place.write("experiment.yaml", `\uFEFF${windows("experiment.yaml")}`);
  place.write("experiment.pr.yaml", windows("experiment.pr.yaml"));
  place.write(CONFIG, `\uFEFF${windows(CONFIG).replaceAll("  ", "\t")}`);
  const dev = stack("dev").replaceAll("\n", "\r\n");
  place.checkout.write("Pulumi.dev.yaml", dev);
  const done = await place.bring();
  expect(done.valid).toBe(true);
  expect(stack("dev").match(/(?<!\r)\n/)).toBeNull();
  expect(parse(stack("dev")).config.flows["ticket-triage"].arms["triage-v1"].weight).toBe(100);
  // One column a tab: the place is that in the file.
  expect(section(done, "Changed").join("\n")).toContain(`${CONFIG}:12:45  the share is a text`);
});

test("a git repository, tools' leftovers and pipelines stay behind", async () => {
  spawnSync("git", ["init", "-q", place.folder]);
  place.write("flows/triage/__pycache__/a.pyc", "x");
  place.write("flows/triage/\u001b[31m.pyc", "x");
  const done = await place.bring();
  expect(section(done, "Left behind")).toEqual([
    ".azure-pipelines/  pipelines are declared by the stack",
    ".git/  pipelines are declared by the stack",
    "configs/  its deployments are arms of the stack files",
    "environment/  an image of the stack serves the flow",
    "flows/triage/ [31m.pyc  tools make it anew",
    "flows/triage/__pycache__/  tools make it anew",
    "flows/triage/docker/dockerfile  an image of the stack serves the flow",
  ]);
  expect(Object.keys(place.tree).filter((file) => /\.git|pyc/.test(file))).toEqual([]);
});

test("links inside the folder come over as what they lead to", async () => {
  fs.symlinkSync("plain.jsonl", path.join(place.folder, "data/again.jsonl"));
  expect((await place.bring()).valid).toBe(true);
  const again = path.join(place.root, "flows/ticket-triage/data/again.jsonl");
  expect(fs.lstatSync(again).isFile()).toBe(true);
  expect(fs.readFileSync(again, "utf8")).toBe(place.text("data/plain.jsonl"));
});

test("the whole template, a folder that is none, and one that holds the repository are refused", async () => {
  const refused = async (from: string) => {
    try {
      return (await importFlow({ root: place.root, from, dryRun: false })).text;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(await refused(place.home)).toBe(
    `${place.home} has no experiment.yaml; use cases below it are "ticket_triage"; import each by itself`,
  );
  expect(await refused("C:\\use cases\\triage")).toBe(
    "there is no folder C:\\use cases\\triage; name the folder of one use case",
  );
  for (const from of [place.root, path.dirname(place.root)]) {
    expect(await refused(from)).toBe(
      `${from} holds the repository that the flow would go to; name the folder of one use case`,
    );
  }
  const odd = path.join(place.home, "四");
  fs.renameSync(place.folder, odd);
  expect(await refused(odd)).toBe('no name of a flow can be made of "四"; give one with --name');
});

test("a stack that has the flow already is left alone", async () => {
  const text = stack("prod").replace(
    "\n  flows:\n",
    "\n  flows:\n    ticket-triage: { arms: {} }\n",
  );
  place.checkout.write("Pulumi.prod.yaml", text);
  const before = place.tree;
  const line = text.slice(0, text.indexOf("ticket-triage")).split("\n").length;
  expect((await place.bring()).text).toBe(
    `Pulumi.prod.yaml:${line}:5  the stack has a flow "ticket-triage" already; an import adds a flow and changes none; remove it there, or choose another name with --name`,
  );
  expect(place.tree).toEqual(before);
});

test.each([1, 2, 3])("rename %i of 3 fails: nothing is written", async (failing) => {
  const before = place.tree;
  const { renameSync } = fs;
  let count = 0;
  jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    count += 1;
    if (count === failing) throw Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC" });
    renameSync(from, to);
  });
  expect(await place.bring()).toEqual({
    text: "nothing was written: ENOSPC: no space; see to its permissions",
    valid: false,
    refused: true,
  });
  expect(count).toBe(failing);
  expect({ tree: place.tree, left: place.left }).toEqual({ tree: before, left: [] });
});
