import { afterLook, afterWrite } from "../../packages/provider/longRunning";
import { apiVersion, ResourceManager } from "../../packages/provider/resourceManager";
import { Cloudlet, endpoint, messageOf, refusal, workspace } from "./support";

const etc = { headers: {} };

describe("requests", () => {
  it("ask for the API version of azure-native with a token for the resource manager", async () => {
    const cloudlet = new Cloudlet();
    const scopes: unknown[] = [];
    const cloud = cloudlet.cloud();
    const credential = {
      getToken: async (scope: string | string[]) => {
        scopes.push(scope);
        return { token: "abc", expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
    await new ResourceManager({ ...cloud, credential }).get(workspace);
    expect(scopes).toEqual([["https://management.azure.com/.default"]]);
    expect(
      cloudlet.requests.map(({ query, headers }) => [
        query.get("api-version"),
        headers["authorization"],
      ]),
    ).toEqual([["2025-12-01", "Bearer abc"]]);
    const file = "@pulumi/azure-native/machinelearningservices/onlineEndpoint";
    const { OnlineEndpoint } = (await import(file)) as { OnlineEndpoint: object };
    expect(OnlineEndpoint).toBeDefined();
    expect(apiVersion).toBe("2025-12-01");
  });

  it.each([
    ["429 without Retry-After", { status: 429, ...etc }],
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "0" } }],
    ["500", { status: 500, ...etc }],
    ["503 with a date", { status: 503, headers: { "retry-after": new Date(0).toUTCString() } }],
    ["408", { status: 408, ...etc }],
  ])("are repeated after %s", async (_, answer) => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = (_request, count) => (count <= 3 ? answer : undefined);
    const live = await cloudlet.resourceManager().get(workspace);
    expect(live?.body["name"]).toBe("ws-one");
    expect(cloudlet.requests.length).toBe(4);
  });

  it("are not repeated after 501, which no repetition mends", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = () => refusal(501, "NotImplemented", "never");
    expect(await messageOf(cloudlet.resourceManager().get(workspace))).toContain("501");
    expect(cloudlet.requests.length).toBe(1);
  });

  it("wait as long as Retry-After says", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = (_request, count) =>
      count === 1 ? { status: 429, headers: { "retry-after-ms": "120" } } : undefined;
    const started = Date.now();
    await cloudlet.resourceManager().get(workspace);
    expect(Date.now() - started).toBeGreaterThanOrEqual(115);
  });

  it("end with Azure's code and words when the service keeps failing", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = () => refusal(503, "ServerTimeout", "try later", { "retry-after": "0" });
    expect(await messageOf(cloudlet.resourceManager().get(workspace))).toBe(
      `cannot read ${workspace}\nAzure answered 503 ServerTimeout: try later\nThe service failed. Run this again; nothing is done twice.`,
    );
    expect(cloudlet.requests.length).toBe(8);
  });

  it("are not held up by a Retry-After of an hour", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = () =>
      refusal(429, "TooManyRequests", "tomorrow", { "retry-after": "3600" });
    expect(await messageOf(cloudlet.resourceManager().get(workspace))).toContain(
      "429 TooManyRequests: tomorrow",
    );
  });

  it.each([
    ["http://management.azure.com/next", "http://management.azure.com"],
    ["https://evil.example/next", "https://evil.example"],
    ["https://management.azure.com.evil.example/next", "https://management.azure.com.evil.example"],
  ])("never take the token to %s", async (nextLink, origin) => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = () => ({ status: 200, headers: {}, body: { value: [], nextLink } });
    expect(await messageOf(cloudlet.resourceManager().list(`${workspace}/models`, {}))).toBe(
      `will not send an Azure token to ${origin}: only to https://management.azure.com, which GENAIOPS_RESOURCE_MANAGER names`,
    );
    expect(cloudlet.requests.length).toBe(1);
  });

  it("follow a page at a regional address of the resource manager", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = (_request, count) => ({
      status: 200,
      headers: {},
      body:
        count === 1
          ? { value: [{ name: "1" }], nextLink: "https://eastus.management.azure.com:443/next?x=1" }
          : { value: [{ name: "2" }] },
    });
    const items = await cloudlet.resourceManager().list(`${workspace}/models`, {});
    expect(items).toEqual([{ name: "1" }, { name: "2" }]);
  });

  it("without a login say how to log in", async () => {
    const cloudlet = new Cloudlet();
    const credential = {
      getToken: async () => {
        throw Object.assign(new Error("Please run 'az login'"), {
          name: "CredentialUnavailableError",
        });
      },
    };
    const azure = new ResourceManager({ ...cloudlet.cloud(), credential });
    expect(await messageOf(azure.get(workspace))).toBe(
      `cannot log in to Azure for https://management.azure.com${workspace}?api-version=2025-12-01\nPlease run 'az login'\n` +
        "Log in with `az login`, or let the environment name an identity: AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE.",
    );
  });

  it("that reach nobody name the address and its setting", async () => {
    const cloud = new Cloudlet().cloud();
    const azure = new ResourceManager({
      ...cloud,
      resourceManager: "https://127.0.0.1:1",
      httpClient: undefined,
    });
    expect(await messageOf(azure.get(workspace))).toBe(
      "cannot reach https://127.0.0.1:1\nconnect ECONNREFUSED 127.0.0.1:1\n" +
        "Check the network of this machine and the addresses GENAIOPS_RESOURCE_MANAGER and GENAIOPS_BLOB_ENDPOINT.",
    );
  });
});

describe("a long-running write", () => {
  const body = { location: "swedencentral", properties: { authMode: "Key" } };

  it("ends when its operation has ended", async () => {
    const cloudlet = new Cloudlet({ polls: 4 });
    await cloudlet.resourceManager().put(endpoint, body);
    expect(cloudlet.requests.map(({ method }) => method)).toEqual([
      "PUT",
      "GET",
      "GET",
      "GET",
      "GET",
    ]);
    expect(cloudlet.live(endpoint)).toMatchObject({
      properties: { provisioningState: "Succeeded" },
    });
  });

  it("without an operation's address is followed by the resource's own state", async () => {
    const cloudlet = new Cloudlet();
    const states = ["Creating", "Creating", "Succeeded"];
    cloudlet.interfere = () => ({
      status: 200,
      headers: {},
      body: { properties: { provisioningState: states.shift() } },
    });
    await cloudlet.resourceManager().put(endpoint, body);
    expect(cloudlet.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${endpoint}`,
      `GET ${endpoint}`,
      `GET ${endpoint}`,
    ]);
  });

  it("that does not end is left after the time limit, with what to do", async () => {
    const cloudlet = new Cloudlet({ polls: 1_000_000 });
    const work = cloudlet.resourceManager().put(endpoint, body, { timeoutMs: 30 });
    expect(await messageOf(work)).toBe(
      `writing ${endpoint} has not ended after 0 minutes\n` +
        "Azure goes on with it. Look at the resource in the portal, then run this again; `customTimeouts` allows more time.",
    );
  });

  it("sends nothing after a cancellation", async () => {
    const cloudlet = new Cloudlet();
    const work = cloudlet.resourceManager().put(endpoint, body, { signal: AbortSignal.abort() });
    expect(await messageOf(work)).toBe(`${endpoint}: cancelled before this was asked of Azure`);
    expect(cloudlet.requests).toEqual([]);
  });
});

describe("the next step of a write", () => {
  const status = { "azure-asyncoperation": "https://m/op" };
  const location = { location: "https://m/result" };
  const state = (provisioningState: string) => ({ properties: { provisioningState } });

  it.each([
    ["200 without state", { status: 200, headers: {}, body: {} }, { kind: "done" }],
    ["200 Succeeded", { status: 200, headers: {}, body: state("Succeeded") }, { kind: "done" }],
    [
      "201 with a status address",
      { status: 201, headers: { ...status, ...location }, body: state("Creating") },
      { kind: "look", at: "https://m/op", by: "status" },
    ],
    [
      "202 with a location",
      { status: 202, headers: location, body: undefined, afterMs: 7 },
      { kind: "look", at: "https://m/result", by: "location", afterMs: 7 },
    ],
    [
      "201 with a location is no operation",
      { status: 201, headers: location, body: state("Succeeded") },
      { kind: "done" },
    ],
    [
      "201 Creating",
      { status: 201, headers: {}, body: state("Creating") },
      { kind: "look", at: "resource", by: "resource" },
    ],
    [
      "200 Failed",
      {
        status: 200,
        headers: {},
        body: { ...state("Failed"), error: { code: "X", message: "y" } },
      },
      { kind: "failed", code: "X", text: "y" },
    ],
    [
      "200 Canceled",
      { status: 200, headers: {}, body: state("Canceled") },
      { kind: "failed", code: "OperationCanceled", text: "the operation ended as Canceled" },
    ],
  ])("after %s", (_, answer, step) => expect(afterWrite(answer)).toEqual(step));

  const look = { kind: "look", at: "https://m/op", by: "status" } as const;
  const byLocation = { kind: "look", at: "https://m/result", by: "location" } as const;
  it.each([
    [
      "a running status",
      look,
      { status: 200, headers: {}, body: { status: "InProgress" }, afterMs: 3 },
      { ...look, afterMs: 3 },
    ],
    ["an end", look, { status: 200, headers: {}, body: { status: "Succeeded" } }, { kind: "done" }],
    [
      "a failure with details",
      look,
      {
        status: 200,
        headers: {},
        body: {
          status: "Failed",
          error: { code: "A", message: "b", details: [{ code: "C", message: "d" }] },
        },
      },
      { kind: "failed", code: "A", text: "b; C: d" },
    ],
    [
      "a failure without words",
      look,
      { status: 200, headers: {}, body: { status: "Failed" } },
      { kind: "failed", code: "OperationFailed", text: "the operation ended as Failed" },
    ],
    [
      "a location that runs on elsewhere",
      byLocation,
      { status: 202, headers: { location: "https://m/2" }, body: undefined },
      { ...byLocation, at: "https://m/2" },
    ],
    [
      "a location's end",
      byLocation,
      { status: 204, headers: {}, body: undefined },
      { kind: "done" },
    ],
  ])("after a look at %s", (_, at, answer, step) => expect(afterLook(at, answer)).toEqual(step));
});
