import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { check } from "../../../packages/cli/validate/check";
import { genaiops } from "../run";
import { Place, section } from "./place";

jest.setTimeout(120_000);

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.remove());

const CONFIG = "…/configs/deployment_config.json";

test("a use case with every block of the format comes over whole, and validates", async () => {
  const before = place.tree;
  const done = await place.bring();
  expect({ valid: done.valid, left: place.left }).toEqual({ valid: true, left: [] });
  expect(section(done, "Read")).toEqual([
    "experiment.yaml  name, flow, connections, datasets, evaluators, runtime",
    "experiment.dev.yaml  flow, connections, runtime",
    "experiment.pr.yaml  name, datasets, evaluators",
    "experiment.prod.yaml  evaluators",
    "configs/deployment_config.json  dev on managed, prod on managed, test on managed",
    "environment/env.yaml  variables of every container",
  ]);
  expect(section(done, "Written")).toEqual([
    "flows/ticket-triage/  23 files",
    "Pulumi.dev.yaml  flows.ticket-triage: triage-v1 100 % (current)",
    "Pulumi.prod.yaml  flows.ticket-triage: triage-v2 90 % (approved), triage-v1 10 % (approved)",
  ]);
  expect(section(done, "Changed")).toEqual([
    `${CONFIG}:2:3  the reference gives an endpoint keys, and its identity AzureML Data Scientist and Key Vault Reader; callers log in without keys, and the identity reads what the flow needs and nothing else; callers get a role on the endpoint; where they cannot, set authentication: Key`,
    `${CONFIG}:7:24  the endpoint has a description; a flow's folder describes it; left out`,
    `${CONFIG}:11:34  the deployment's name "triage_v1" is none of an arm; lower-case letters, digits and single hyphens; the arm is triage-v1`,
    `${CONFIG}:12:48  the share is a text; weights are numbers; it is 100`,
    `${CONFIG}:15:34  the example of the reference stands here; variables of the container; left out`,
    `${CONFIG}:21:24  the endpoint has a description; a flow's folder describes it; left out`,
    `${CONFIG}:24:46  the share is a text; weights are numbers; it is 10`,
    `${CONFIG}:35:48  the share is a text; weights are numbers; it is 100`,
    `${CONFIG}:40:19  the entry of dev was never filled in; a flow has one target in each environment; left out`,
    "…/experiment.dev.yaml:1:1  an overlay has a flow; name and flow stand in experiment.yaml, and never change; left out, as the reference passes over it",
    "…/experiment.dev.yaml:3:1  an overlay has connections, the same as experiment.yaml; connections of an environment stand in its stack file; left out",
    "…/experiment.pr.yaml:1:1  an overlay has a name; name and flow stand in experiment.yaml, and never change; left out, as the reference passes over it",
    "…/experiment.yaml:8:13  the connection has an address of its own; an arm uses the connection of that name in its stack file; this address is that of experiments on this machine",
    '…/experiment.yaml:15:11  the source is "plain.jsonl"; a path from the folder, with forward slashes; it is data/plain.jsonl',
  ]);
  expect(section(done, "Left behind")).toEqual([
    ".azure-pipelines/  pipelines are declared by the stack",
    "configs/  its deployments are arms of the stack files",
    "environment/  an image of the stack serves the flow",
    "flows/triage/docker/dockerfile  an image of the stack serves the flow",
  ]);
  expect(section(done, "Needs a decision")).toEqual([
    `${CONFIG}:20:24  the endpoint is called "triage-prod"; not taken over; names are composed of flow, stack and suffix: callers move to the new address, then the old endpoint goes`,
    `${CONFIG}:23:32  no file says which model version the prior deployment "triage-v1" serves; it follows the newest approved version, and gets no requests before one is approved; write its number in place of approved, or remove the arm`,
    `${CONFIG}:32:19  there is no Pulumi.test.yaml; the arms of this environment are written nowhere; make the stack, and write this: below its flows, ticket-triage: { arms: { triage-v2: { version: current, weight: 100, environment: { PROMPT_TOKEN_LIMIT: "3000", VERBOSE: "False" } } } }`,
    `${CONFIG}:59:19  prod is deployed to webApp too; a flow has one target in each environment; managed was taken; set target, or import the folder again under another --name`,
    '…/environment/env.yaml:3:1  the variable "SEARCH_ENDPOINT" comes from the variables of a pipeline; left out: no pipeline hands values to a container; use a connection for addresses and keys; write anything else under the arm\'s environment',
    "flows/ticket-triage/flows/triage/requirements.txt:2:1  the image promptflow does not install unidecode; the packages of images/promptflow/requirements.txt; add it there, or give the flow's arms an image of their own",
  ]);
  expect(await check({ root: place.root, flow: "ticket-triage", format: "text" })).toBe(
    "ticket-triage: no problem (dag flow, 2 datasets, 3 evaluators, 4 runs; checked for dev, pr, prod)",
  );

  const after = place.tree;
  const dev = `    ticket-triage:
      arms:
        triage-v1:
          version: current
          weight: 100
          instance: Standard_F4s_v2
          instances: 1
          environment:
            CHAT_DEPLOYMENT: gpt-4o-mini
            PROMPT_TOKEN_LIMIT: "3000"
            VERBOSE: "False"
`;
  expect(after["Pulumi.dev.yaml"]).toContain(dev);
  expect(after["Pulumi.dev.yaml"]?.replace(dev, "")).toBe(before["Pulumi.dev.yaml"]);
  const arm = (name: string, weight: number) => `        ${name}:
          version: approved
          weight: ${weight}
          instance: Standard_DS3_v2
          instances: 3
          environment:
            PROMPT_TOKEN_LIMIT: "3000"
            VERBOSE: "False"
`;
  const prod = `    ticket-triage:\n      arms:\n${arm("triage-v2", 90)}${arm("triage-v1", 10)}`;
  expect(after["Pulumi.prod.yaml"]).toContain(prod);
  expect(after["Pulumi.prod.yaml"]?.replace(prod, "")).toBe(before["Pulumi.prod.yaml"]);

  // Every other file is byte for byte the old one; the new ones are those of the use case.
  const others = Object.keys(before).filter((file) => !/^Pulumi\.(dev|prod)\.yaml$/.test(file));
  expect(Object.fromEntries(others.map((file) => [file, after[file]]))).toEqual(
    Object.fromEntries(others.map((file) => [file, before[file]])),
  );
  const changed = ["experiment.yaml", "experiment.dev.yaml", "experiment.pr.yaml"];
  const own = Object.keys(after).filter((file) => !(file in before));
  expect(own.every((file) => file.startsWith("flows/ticket-triage/"))).toBe(true);
  for (const file of own.map((each) => each.slice("flows/ticket-triage/".length))) {
    const text = after[`flows/ticket-triage/${file}`];
    if (!changed.includes(file)) expect({ file, text }).toEqual({ file, text: place.text(file) });
  }
  expect(after["flows/ticket-triage/experiment.yaml"]).toBe(
    place.text("experiment.yaml").replace("source: plain.jsonl", "source: data/plain.jsonl"),
  );
  expect(after["flows/ticket-triage/experiment.dev.yaml"]).toBe("runtime:\n");
  expect(after["flows/ticket-triage/experiment.pr.yaml"]).toBe(
    place.text("experiment.pr.yaml").replace("name: ticket_triage\n\n", ""),
  );
});

test.each(["triage_class", "triage_function"])("a flex flow comes over: %s", async (folder) => {
  place.replace("experiment.yaml", "flow: flows/triage", `flow: flows/${folder}`);
  expect((await place.bring()).valid).toBe(true);
  expect(await check({ root: place.root, flow: "ticket-triage", format: "text" })).toBe(
    "ticket-triage: no problem (flex flow, 2 datasets, 3 evaluators, 2 runs; checked for dev, pr, prod)",
  );
});

test("what a class takes from a pipeline's variables is a decision", async () => {
  place.replace("experiment.yaml", "flow: flows/triage", "flow: flows/triage_class");
  const file = "flows/triage_class/flow.flex.yaml";
  place.replace(
    file,
    "    type: AzureOpenAIConnection\n    default: aoai\n",
    "    type: AzureOpenAIModelConfiguration\n    default:\n      azure_deployment: gpt-4o\n      api_key: ${api_key}\n",
  );
  expect(section(await place.bring(), "Needs a decision")).toContain(
    `…/${file}:13:16  nothing fills api_key of the flow's class; it came over as it is; name a connection of the experiment there, for example connection: aoai in place of address and key`,
  );
});

test("an experiment of a name that another flow has keeps a stack from holding both", async () => {
  place.replace("experiment.yaml", "name: ticket_triage", "name: web_classification");
  const done = await place.bring();
  expect(done.valid).toBe(false);
  expect(section(done, "Needs a decision")).toContain(
    'flows/ticket-triage/experiment.yaml:2:7  "web_classification" is also the experiment of flows/web-classification; left as it is; it is the name of the flow\'s model; rename one of the two: a stack with both is refused',
  );
  await expect(check({ root: place.root, format: "text" })).rejects.toThrow(
    '"web_classification" is also the experiment of flows/ticket-triage',
  );
});

test("a dry run prints the same and writes nothing", async () => {
  const before = place.tree;
  const dry = await place.bring({ dryRun: true });
  expect(place.tree).toEqual(before);
  expect(existsSync(path.join(place.root, ".genaiops"))).toBe(false);
  expect(await place.bring()).toEqual(dry);
});

test("a flow that exists is left alone, and so is everything else", async () => {
  await place.bring();
  const before = place.tree;
  const again = await place.bring();
  expect(again.text).toBe(
    "flows/ticket-triage exists already and is left as it is; take another name",
  );
  expect(place.tree).toEqual(before);
});

test("the command: report on standard output, exit codes, help with examples", async () => {
  const run = (...args: string[]) =>
    genaiops(["import", place.folder, "--cwd", place.root, ...args]);
  const dry = run("--dry-run");
  expect({ code: dry.code, err: dry.err }).toEqual({
    code: 0,
    err: "dry run: nothing was written\n",
  });
  expect(run()).toEqual({ code: 0, out: dry.out, err: "" });
  expect(run()).toEqual({
    code: 2,
    out: "",
    err: "flows/ticket-triage exists already and is left as it is; take another name\n",
  });
  place.replace("experiment.yaml", '"${run.outputs.queue}"', '"${run.outputs.queues}"');
  const open = run("--name", "triage-again");
  expect({ code: open.code, err: open.err }).toEqual({ code: 1, err: "" });
  expect(open.out).toContain("genaiops validate triage-again passes once what it names is decided");
  expect(run("--name", "No_Name").err).toMatch(
    /^"No_Name" is no name of a flow; 3 to 32 lower-case/,
  );
  expect(genaiops(["import", "--help"]).out).toContain("$ genaiops import ../template/web_class");
  expect(readFileSync(path.join(place.root, "Pulumi.dev.yaml"), "utf8")).toContain("triage-again:");
});
