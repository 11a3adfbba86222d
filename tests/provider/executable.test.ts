import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { sandboxPerson } from "../../packages/sandbox/server";
import { group, type Resource, storageFor, TestSandbox } from "../sandbox/server/sandbox";

/**
 * The executable as the engine starts it: the plugin protocol on one side, and on the other the simulated Azure
 * over HTTPS with a real login by workload identity.
 */

type Properties = Record<string, unknown>;

const ml = "azure-native:machinelearningservices";
const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ws-one`;
const endpoint = `${workspace}/onlineEndpoints/web-one`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stone`;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const resources: Resource[] = [
  { id: group, token: "azure-native:resources:ResourceGroup", body: { location: "swedencentral" } },
  { id: workspace, token: `${ml}:Workspace`, body: { location: "swedencentral" } },
  {
    id: endpoint,
    token: `${ml}:OnlineEndpoint`,
    body: {
      location: "swedencentral",
      kind: "Managed",
      identity: { type: "SystemAssigned" },
      tags: {},
      properties: {
        authMode: "AADToken",
        publicNetworkAccess: "Disabled",
        provisioningState: "Succeeded",
        scoringUri: "https://web-one/score",
        traffic: { blue: 100 },
      },
    },
  },
  ...["blue", "green"].map((name) => ({
    id: `${endpoint}/deployments/${name}`,
    token: `${ml}:OnlineDeployment`,
    body: { properties: { provisioningState: name === "blue" ? "Succeeded" : "Failed" } },
  })),
  {
    id: `${workspace}/models/web_dev/versions/7`,
    token: `${ml}:ModelVersion`,
    body: { properties: { tags: { approved_dev: "yes" } } },
  },
  ...storageFor(sandboxPerson, account, "flows"),
];

const settings = (weights: Properties): Properties => ({
  endpoint,
  weights,
  authMode: "AADToken",
  publicNetworkAccess: "Disabled",
  tags: {},
});

jest.setTimeout(60_000);

describe("the executable", () => {
  let sandbox: TestSandbox;
  let root: string;
  let plugin: ChildProcess;
  let client: ResourceProviderClient;
  let errors = "";

  beforeAll(async () => {
    sandbox = await TestSandbox.start({ polls: 2 }, resources);
    root = fs.mkdtempSync(path.join(os.tmpdir(), "genaiops-root-"));
    fs.mkdirSync(path.join(root, "flows"));
    fs.writeFileSync(path.join(root, "flows", "a.txt"), "one");
    plugin = spawn(
      path.resolve(__dirname, "../../packages/provider/pulumi-resource-genaiops"),
      ["127.0.0.1:1"],
      {
        cwd: os.tmpdir(),
        env: {
          PATH: process.env["PATH"],
          HOME: root,
          GENAIOPS_ROOT: root,
          ...sandbox.sandbox.environment,
        },
      },
    );
    plugin.stderr?.on("data", (chunk: Buffer) => (errors += String(chunk)));
    const port = await new Promise<string>((resolve, reject) => {
      plugin.stdout?.once("data", (chunk: Buffer) => resolve(String(chunk).trim()));
      plugin.once("exit", (code) => reject(new Error(`ended with ${code}: ${errors}`)));
    });
    client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  });
  afterAll(async () => {
    client?.close();
    plugin?.kill();
    await sandbox.close();
    fs.rmSync(root, { recursive: true });
  });

  const struct = (value: Properties) =>
    Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
  const call = <Request, Answer>(
    method: (
      request: Request,
      callback: (error: grpc.ServiceError | null, answer: Answer) => void,
    ) => unknown,
    request: Request,
  ): Promise<Answer> =>
    new Promise((resolve, reject) =>
      method.call(client, request, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
  const create = (type: string, properties: Properties) =>
    call<rpc.CreateRequest, rpc.CreateResponse>(
      client.create,
      new rpc.CreateRequest()
        .setUrn("urn")
        .setType(`genaiops:index:${type}`)
        .setProperties(struct(properties)),
    );
  const livePath = (id: string) =>
    sandbox.state.azure.resources[id.toLowerCase()]?.body["properties"] as Properties;

  it("says its version, and that it previews and takes plain secrets", async () => {
    const info = await call<Empty, { getVersion(): string }>(
      client.getPluginInfo as never,
      new Empty(),
    );
    expect(info.getVersion()).toBe("0.1.0");
    const configured = await call<rpc.ConfigureRequest, rpc.ConfigureResponse>(
      client.configure,
      new rpc.ConfigureRequest(),
    );
    expect([configured.getSupportspreview(), configured.getAcceptsecrets()]).toEqual([true, false]);
  });

  it("writes settings of an endpoint after a login", async () => {
    const created = await create("EndpointSettings", settings({ blue: 100 }));
    expect([created.getId(), created.getProperties()?.toJavaScript()["scoringUri"]]).toEqual([
      endpoint,
      "https://web-one/score",
    ]);
    await create("EndpointSettings", { ...settings({ blue: 100 }), tags: { team: "web" } });
    expect(sandbox.state.azure.resources[endpoint.toLowerCase()]?.body["tags"]).toEqual({
      team: "web",
    });
    expect(livePath(endpoint)["traffic"]).toEqual({ blue: 100 });
  });

  it("refuses in words, without a stack and with a state that is known", async () => {
    const refused = await create("EndpointSettings", settings({ blue: 50, green: 50 })).catch(
      (error) => error as grpc.ServiceError,
    );
    expect(refused).toMatchObject({
      code: grpc.status.FAILED_PRECONDITION,
      details: `refused to change endpoint ${endpoint}; nothing was written\n- arm green: its deployment is in state Failed, not Succeeded; wait for it or mend it`,
    });
    expect(livePath(endpoint)["traffic"]).toEqual({ blue: 100 });
  });

  it("registers content and finds it again", async () => {
    const asset = (digit: string) => ({
      workspace,
      kind: "model",
      name: "web_dev",
      hash: digit.repeat(64),
      properties: {
        modelUri: `azureml://datastores/flows/paths/${digit}`,
        modelType: "custom_model",
      },
    });
    const versions: unknown[] = [];
    for (const digit of ["a", "b", "a"]) {
      versions.push(
        (await create("AssetVersion", asset(digit))).getProperties()?.toJavaScript()["version"],
      );
    }
    expect(versions).toEqual(["8", "9", "8"]);
  });

  it("sends a folder of the repository", async () => {
    const files = { "a.txt": sha256("one") };
    const hash = sha256(JSON.stringify(files));
    const folder = {
      account: "stone",
      container: "flows",
      prefix: "web",
      source: "flows",
      files,
      hash,
    };
    const created = await create("BlobFolder", folder);
    expect([created.getId(), created.getProperties()?.toJavaScript()["path"]]).toEqual([
      "stone/flows/web",
      `web/${hash}`,
    ]);
    expect(Object.keys(sandbox.state.blobs.blobs)).toEqual([
      `stone/flows/web/${hash}/a.txt`,
      `stone/flows/web/${hash}.files.json`,
    ]);
  });

  it("answers which versions are approved", async () => {
    const request = new rpc.InvokeRequest()
      .setTok("genaiops:index:approvedVersions")
      .setArgs(struct({ workspace, environment: "dev", models: ["web_dev", "none_dev"] }));
    expect(
      (await call<rpc.InvokeRequest, rpc.InvokeResponse>(client.invoke, request))
        .getReturn()
        ?.toJavaScript(),
    ).toEqual({
      versions: { web_dev: 7 },
    });
  });

  it("checks, and shows a diff property by property", async () => {
    const checked = await call<rpc.CheckRequest, rpc.CheckResponse>(
      client.check,
      new rpc.CheckRequest()
        .setType("genaiops:index:EndpointSettings")
        .setNews(struct(settings({ blue: 99 }))),
    );
    expect(
      checked.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()]),
    ).toEqual([["weights", "the sum of blue 99 is 99; make it 100, or 0 while no arm serves yet"]]);
    const diff = await call<rpc.DiffRequest, rpc.DiffResponse>(
      client.diff,
      new rpc.DiffRequest()
        .setType("genaiops:index:EndpointSettings")
        .setOldInputs(struct(settings({ blue: 10 })))
        .setNews(struct({ ...settings({ blue: 50 }), endpoint: `${endpoint}2` })),
    );
    const { Kind } = rpc.PropertyDiff;
    expect([diff.getHasdetaileddiff(), diff.getReplacesList(), diff.getDiffsList()]).toEqual([
      true,
      ["endpoint"],
      ["endpoint", "weights"],
    ]);
    expect(
      [...diff.getDetaileddiffMap().entries()].map(([name, one]) => [
        name,
        (one as rpc.PropertyDiff).getKind(),
      ]),
    ).toEqual([
      ["endpoint", Kind.UPDATE_REPLACE],
      ["weights.blue", Kind.UPDATE],
    ]);
  });

  it("ends what runs when the user cancels, and prints nothing of its own", async () => {
    await call(client.cancel, new Empty());
    const started = Date.now();
    const ended = await create("EndpointSettings", settings({ blue: 100 })).catch(
      (error) => error as grpc.ServiceError,
    );
    expect(ended).toMatchObject({
      details: `${endpoint}: cancelled before this was asked of Azure`,
    });
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(errors).toBe("");
  });
});
