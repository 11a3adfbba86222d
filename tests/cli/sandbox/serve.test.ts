import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { announce, environmentFile, servedAzure } from "../../../packages/cli/sandbox/azure";
import { Checkout } from "../repository";
import { bin, genaiops } from "../run";

jest.setTimeout(120_000);

const checkout = new Checkout();
const directory = path.join(checkout.root, ".sandbox");
afterAll(() => checkout.remove());

const serve = (...args: string[]) => ["sandbox", "serve", "--cwd", checkout.root, ...args];

async function serving(...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [bin, ...serve(...args)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  while (!said.includes("\nready.")) said += String((await once(child.stdout!, "data"))[0]);
  return child;
}

test("another process finds the Azure that is served and logs in by what the file says, until it ends", async () => {
  const child = await serving("--speed", "60");
  const script = `. ${environmentFile(directory)}; env`;
  const { stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(stdout).toMatch(/^GENAIOPS_CLOCK=\d+,60$/m);
  const { url, environment, process: owner } = servedAzure(directory)!;
  expect(owner).toBe(child.pid);
  expect(stdout).toContain(`GENAIOPS_RESOURCE_MANAGER=${url}\n`);
  expect(stdout).toContain(
    `AZURE_FEDERATED_TOKEN_FILE=${environment["AZURE_FEDERATED_TOKEN_FILE"]}`,
  );

  const second = genaiops(serve());
  expect(second.code).toBe(1);
  expect(second.err).toMatch(/^another command \(process \d+\) is using .*; wait for it to end/);

  child.kill();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(servedAzure(directory)).toBeUndefined();
  expect(readdirSync(directory).sort()).toEqual([
    ...["azure.json", "azure.json.pem", "azure.json.person"],
  ]);
});

test("an Azure whose process was killed is not there any more", () => {
  mkdirSync(directory, { recursive: true });
  const withdraw = announce(directory, { url: "https://127.0.0.1:1", environment: { A: "it's" } });
  const file = path.join(directory, "served.json");
  const { stdout } = spawnSync("bash", ["-c", `. ${environmentFile(directory)}; echo $A`]);
  expect(String(stdout)).toBe("it's\n");
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const served = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...served, process: ended }));
  expect(servedAzure(directory)).toBeUndefined();
  withdraw();
  expect(existsSync(file)).toBe(false);
});

test("arms that cannot be are refused, all at once, and nothing is started", () => {
  const file = path.join(checkout.root, "arms.json");
  writeFileSync(file, '{"blue": {"failureRate": 2}, "green": {"latency": 3}}');
  const { code, out, err } = genaiops(serve("--arms", file));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err.trimEnd().split("\n")).toEqual([
    `${file}: blue.failureRate: Too big: expected number to be <=1`,
    `${file}: green: Unrecognized key: "latency"`,
  ]);
  const missing = genaiops(serve("--arms", path.join(checkout.root, "none.json")));
  expect(missing.code).toBe(2);
  expect(missing.err).toMatch(/^--arms .*none\.json: ENOENT/);
  expect(servedAzure(directory)).toBeUndefined();
});
