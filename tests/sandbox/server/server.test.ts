import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { TestSandbox, group, subscription } from "./sandbox";

const version = "2024-03-01";
const tagged = (team: string) => ({ location: "swedencentral", tags: { team } });

describe("Resource Manager", () => {
  let test: TestSandbox;
  beforeAll(async () => {
    test = await TestSandbox.start();
  });
  afterAll(() => test.close());

  const get = async (authorization?: string) =>
    test.send(
      "GET",
      `${group}?api-version=${version}`,
      undefined,
      authorization ? { authorization } : {},
    );

  it("answers 401 without a token, with one it did not sign, with an expired and with a storage token", async () => {
    const token = await test.personToken();
    const [header, payload, signature] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, oid: "somebody" })).toString(
      "base64url",
    );
    const answers = await Promise.all([
      get(),
      get(`Bearer ${header}.${forged}.${signature}`),
      get("Bearer nonsense"),
      get(`Bearer ${await test.personToken("https://storage.azure.com/.default")}`),
    ]);
    expect(answers.map(({ status, text }) => [status, JSON.parse(text).error.code])).toEqual([
      [401, "AuthenticationFailed"],
      [401, "InvalidAuthenticationToken"],
      [401, "InvalidAuthenticationToken"],
      [401, "InvalidAuthenticationTokenAudience"],
    ]);
  });

  it("stores what a PUT wrote before it answers, and gives it back after a restart", async () => {
    await test.put(group, version, tagged("a"));
    expect(test.state.azure.resources[group.toLowerCase()]?.body.tags).toEqual({ team: "a" });
    const { folder } = test;
    await test.close();
    test = await TestSandbox.start({}, folder);
    const answer = await get(`Bearer ${await test.personToken()}`);
    expect([answer.status, JSON.parse(answer.text).tags]).toEqual([200, { team: "a" }]);
  });

  it("stores how far a look has brought a running operation", async () => {
    const id = "8d6e1ac0-0000-4000-8000-000000000001";
    const operation = { id, kind: "write", resource: group, group, pollsLeft: 2, fails: false };
    const { folder } = test;
    await test.close();
    const { azure, ...rest } = test.state;
    const operations = { [id]: { ...operation, status: "InProgress" } };
    fs.writeFileSync(
      path.join(folder, "azure.json"),
      JSON.stringify({ ...rest, azure: { ...azure, operations } }),
    );
    test = await TestSandbox.start({}, folder);
    const place = "providers/Microsoft.MachineLearningServices/locations/swedencentral";
    const look = `${subscription}/${place}/mfeOperationsStatus/${id}?api-version=2025-12-01`;
    const authorization = `Bearer ${await test.personToken()}`;
    const seen = [];
    for (const _ of [1, 2]) {
      const { text } = await test.send("GET", look, undefined, { authorization });
      const { pollsLeft, status } = test.state.azure.operations[id] as Record<string, unknown>;
      seen.push([JSON.parse(text).status, pollsLeft, status]);
    }
    expect(seen).toEqual([
      ["InProgress", 1, "InProgress"],
      ["Succeeded", 0, "Succeeded"],
    ]);
  });

  it("refuses a body that is no JSON as Azure does", async () => {
    const authorization = `Bearer ${await test.personToken()}`;
    const answer = await test.send("PUT", `${group}?api-version=${version}`, "{", {
      authorization,
    });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([
      400,
      "InvalidRequestContent",
    ]);
  });

  it("gives the login and the state file to nobody but its user", () => {
    const modes = ["azure.json", "azure.json.person"].map(
      (name) => fs.statSync(path.join(test.folder, name)).mode & 0o77,
    );
    expect(modes).toEqual([0, 0]);
  });

  it.each([
    ["{", "Expected property name"],
    ["null", "it has no azure.resources, azure.deleted, "],
    ['{"azure":{"resources":[]}}', "it has no azure.resources, azure.deleted, "],
    [
      '{"azure":{"resources":{},"deleted":{},"operations":{},"writes":0}}',
      "it has no blobs.blobs, blobs.blocks, blobs.committed, blobs.writes; remove it to start empty",
    ],
  ])("says of the broken state file %s which one it is and what to do", async (text, reason) => {
    const broken = await TestSandbox.start();
    await broken.close();
    const file = path.join(broken.folder, "azure.json");
    fs.writeFileSync(file, text);
    await expect(TestSandbox.start({}, broken.folder)).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringContaining(`${file} is no state of a sandbox: ${reason}`) as string,
    });
  });
});

describe("a kill", () => {
  it("drops the connection after the write is stored", async () => {
    const test = await TestSandbox.start({ faults: [{ operation: 1, kind: "kill" }] });
    await expect(test.put(group, version, tagged("a"))).rejects.toThrow(
      /socket hang up|ECONNRESET/,
    );
    expect(test.state.azure.resources[group.toLowerCase()]?.body.tags).toEqual({ team: "a" });
    await test.close();
  });

  it("at any moment leaves a state that is whole and holds every answered write", async () => {
    const first = await TestSandbox.start();
    await first.close();
    const { folder } = first;
    const launcher = path.join(folder, "run.cjs");
    const root = path.resolve(__dirname, "../../..");
    fs.writeFileSync(
      launcher,
      `require(${JSON.stringify(require.resolve("tsx/cjs"))});
       const { TestSandbox } = require(${JSON.stringify(path.join(root, "tests/sandbox/server/sandbox.ts"))});
       (async () => {
         const test = await TestSandbox.start({}, ${JSON.stringify(folder)});
         for (let n = 0; ; n++) {
           await test.put(${JSON.stringify(subscription)} + "/resourceGroups/rg-" + n, "2024-03-01", { location: "swedencentral" });
           process.stdout.write(n + "\\n");
         }
       })();`,
    );
    for (const writes of [1, 4, 9]) {
      const child = spawn(process.execPath, [launcher], { stdio: ["ignore", "pipe", "inherit"] });
      let answered = -1;
      await new Promise<void>((resolve) => {
        child.stdout.on("data", (chunk: Buffer) => {
          answered = Number(chunk.toString().trim().split("\n").pop());
          if (answered >= writes) child.kill("SIGKILL");
        });
        child.on("exit", () => resolve());
      });
      const after = await TestSandbox.start({}, folder);
      expect(Object.keys(after.state.azure.resources)).toContain(
        `${subscription}/resourcegroups/rg-${answered}`,
      );
      await after.close();
    }
  }, 30_000);
});
