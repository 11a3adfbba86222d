import { applySettings, clearRouting } from "../../packages/provider/endpointSettings";
import type { Settings } from "../../packages/provider/endpointRules";
import { UserError } from "../../packages/provider/userError";
import type { Json } from "../../packages/provider/resourceManager";
import { Cloudlet, endpoint, group, messageOf, refusal, type Sent } from "./support";

const settings = (change: Partial<Settings> = {}): Settings => ({
  weights: { blue: 90, green: 10 },
  authMode: "AADToken",
  publicNetworkAccess: "Disabled",
  tags: { team: "search" },
  ...change,
});

function withArms(weights: Record<string, number>, extra: Record<string, unknown> = {}): Cloudlet {
  const cloudlet = new Cloudlet();
  cloudlet.placeEndpoint({ traffic: weights, ...extra }, { tags: { team: "search" } });
  for (const arm of ["blue", "green"]) cloudlet.placeDeployment(arm);
  return cloudlet;
}

const trafficOf = ({ body }: Sent) =>
  (body as { properties: { traffic: object } }).properties.traffic;
const added = (body?: Json) => ((body?.["properties"] as Json)["properties"] as Json)?.["added"];
const properties = (cloudlet: Cloudlet) =>
  cloudlet.live(endpoint)?.["properties"] as Record<string, unknown>;

describe("a write of endpoint settings", () => {
  it("is one PUT that changes the named settings and keeps the rest, known to us or not", async () => {
    const cloudlet = withArms(
      { blue: 100 },
      {
        keys: null,
        trafficPolicyOfTomorrow: { sticky: true },
        description: "kept",
        properties: { a: "b" },
      },
    );
    cloudlet.interfere = (request) => {
      if (request.method !== "PUT") return undefined;
      cloudlet.placeEndpoint(request.body!["properties"] as Json, request.body);
      return { status: 200, headers: {}, body: {} };
    };
    const result = await applySettings(
      cloudlet.resourceManager(),
      endpoint,
      settings({ tags: { team: "web" } }),
    );

    expect(result).toEqual({
      scoringUri: "https://web-one.swedencentral.inference.ml.azure.com/score",
    });
    expect(cloudlet.writes.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      {
        method: "PUT",
        path: endpoint,
        body: {
          location: "swedencentral",
          kind: "Managed",
          identity: { type: "SystemAssigned" },
          tags: { team: "web" },
          properties: {
            authMode: "AADToken",
            publicNetworkAccess: "Disabled",
            traffic: { blue: 90, green: 10 },
            mirrorTraffic: {},
            trafficPolicyOfTomorrow: { sticky: true },
            description: "kept",
            properties: { a: "b" },
          },
        },
      },
    ]);
    expect(properties(cloudlet)).toMatchObject({
      traffic: { blue: 90, green: 10 },
      provisioningState: "Succeeded",
      trafficPolicyOfTomorrow: { sticky: true },
    });
  });

  it("sends identities without what Azure computes of them", async () => {
    const cloudlet = withArms({ blue: 100 });
    const user = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web`;
    cloudlet.place("azure-native:managedidentity:UserAssignedIdentity", user, {});
    cloudlet.live(endpoint)!["identity"] = {
      type: "UserAssigned",
      userAssignedIdentities: { [user]: { principalId: "p", clientId: "c" } },
    };
    await applySettings(cloudlet.resourceManager(), endpoint, settings());
    expect(cloudlet.writes[0]?.body?.["identity"]).toEqual({
      type: "UserAssigned",
      userAssignedIdentities: { [user]: {} },
    });
  });

  it("keeps a routing of 100 in every body over shifts, tag edits and a mirror", async () => {
    const cloudlet = withArms({});
    const azure = cloudlet.resourceManager();
    const steps: Partial<Settings>[] = [
      { weights: { blue: 100, green: 0 } },
      { weights: { blue: 90, green: 10 } },
      { weights: { blue: 50, green: 50 } },
      { weights: { blue: 50, green: 50 }, tags: { team: "web", cost: "7" } },
      { weights: { blue: 100, green: 0 }, mirror: { arm: "green", percent: 20 } },
      { weights: { blue: 100, green: 0 }, mirror: { arm: "green", percent: 20 }, authMode: "Key" },
      { weights: { blue: 0, green: 100 }, publicNetworkAccess: "Enabled" },
      { weights: { green: 100 }, publicNetworkAccess: "Enabled" },
    ];
    for (const step of steps) await applySettings(azure, endpoint, settings(step));
    expect(cloudlet.writes.map(trafficOf)).toEqual([
      { blue: 100, green: 0 },
      { blue: 90, green: 10 },
      { blue: 50, green: 50 },
      { blue: 50, green: 50 },
      { blue: 100, green: 0 },
      { blue: 100, green: 0 },
      { blue: 0, green: 100 },
      { green: 100 },
    ]);
    expect(properties(cloudlet)).toMatchObject({
      traffic: { green: 100 },
      mirrorTraffic: {},
      publicNetworkAccess: "Enabled",
    });
  });

  it("writes nothing where the endpoint has the settings", async () => {
    const cloudlet = withArms({ blue: 90, green: 10 });
    await applySettings(cloudlet.resourceManager(), endpoint, settings());
    expect(cloudlet.writes).toEqual([]);
  });
});

describe("a refusal", () => {
  const cases: [string, (cloudlet: Cloudlet) => void, Partial<Settings>, string[]][] = [
    [
      "an arm without deployment",
      () => {},
      { weights: { blue: 90, gren: 10 } },
      [
        "arm gren: the endpoint has no such deployment, it has blue, green; create it first or remove the arm",
      ],
    ],
    [
      "an arm of weight 0 without deployment",
      () => {},
      { weights: { blue: 100, gren: 0 } },
      [
        "arm gren: the endpoint has no such deployment, it has blue, green; create it first or remove the arm",
      ],
    ],
    [
      "deployments that did not succeed",
      (cloudlet) => {
        cloudlet.placeDeployment("green", "Failed");
        cloudlet.placeDeployment("blue", "Updating");
      },
      {},
      [
        "arm blue: its deployment is in state Updating, not Succeeded; wait for it or mend it",
        "arm green: its deployment is in state Failed, not Succeeded; wait for it or mend it",
      ],
    ],
    [
      "a mirror on a deployment that did not succeed",
      (cloudlet) => cloudlet.placeDeployment("green", "Failed"),
      { weights: { blue: 100 }, mirror: { arm: "green", percent: 10 } },
      ["arm green: its deployment is in state Failed, not Succeeded; wait for it or mend it"],
    ],
    [
      "weights of 0 on an endpoint that serves",
      () => {},
      { weights: { blue: 0, green: 0 } },
      [
        'every weight is 0, but the endpoint serves now ({"blue":100}); weights of 0 would leave it without routing: keep one arm at 100, or remove the flow',
      ],
    ],
  ];
  it.each(cases)("of %s comes before any write", async (_, prepare, change, reasons) => {
    const cloudlet = withArms({ blue: 100 });
    prepare(cloudlet);
    const work = applySettings(cloudlet.resourceManager(), endpoint, settings(change));
    expect(await messageOf(work)).toBe(
      [
        `refused to change endpoint ${endpoint}; nothing was written`,
        ...reasons.map((reason) => `- ${reason}`),
      ].join("\n"),
    );
    expect(cloudlet.writes).toEqual([]);
  });

  it("of an endpoint that does not exist says to create it", async () => {
    const work = applySettings(new Cloudlet().resourceManager(), endpoint, settings());
    await expect(work).rejects.toThrow(UserError);
    expect(await messageOf(work)).toBe(
      `endpoint ${endpoint} does not exist\nCreate it first: EndpointSettings changes an endpoint, it does not make one.`,
    );
  });
});

describe("what others do meanwhile", () => {
  const put = ({ method }: Sent) => method === "PUT";

  it("a conflict (409 or OperationCanceled) is waited for, and the endpoint read anew before the next write", async () => {
    const cloudlet = withArms({ blue: 100 });
    let conflicts = 0;
    cloudlet.interfere = (request) => {
      if (!put(request) || conflicts === 2) return undefined;
      conflicts++;
      properties(cloudlet)["properties"] = { added: `by others ${conflicts}` };
      return refusal(conflicts === 1 ? 409 : 400, "OperationCanceled");
    };
    await applySettings(cloudlet.resourceManager(), endpoint, settings());
    expect(cloudlet.writes.map(({ body }) => added(body))).toEqual([
      undefined,
      "by others 1",
      "by others 2",
    ]);
    expect(properties(cloudlet)["traffic"]).toEqual({ blue: 90, green: 10 });
  });

  it("a conflict that does not end is reported with Azure's words when the time is up", async () => {
    const cloudlet = withArms({ blue: 100 });
    cloudlet.interfere = (request) =>
      put(request) ? refusal(409, "Conflict", "Another operation is running.") : undefined;
    const work = applySettings(cloudlet.resourceManager({ deadline: 300 }), endpoint, settings());
    expect(await messageOf(work)).toBe(
      `cannot write ${endpoint}\nAzure answered 409 Conflict: Another operation is running.\n` +
        "Another operation on the same resource may be running: wait until it has ended, then run this again. If Azure says the same then, mend what it names.",
    );
    expect(cloudlet.writes.length).toBeGreaterThan(1);
  });

  it("an operation that ends as canceled is written again", async () => {
    const cloudlet = withArms({ blue: 100 });
    let canceled = false;
    cloudlet.interfere = ({ path }) => {
      if (canceled || !path.includes("mfeOperationsStatus")) return undefined;
      canceled = true;
      Object.values(cloudlet.azure.state.operations).forEach(
        (operation) => (operation.status = "Succeeded"),
      );
      return {
        status: 200,
        headers: {},
        body: { status: "Canceled", error: { code: "OperationCanceled", message: "lock" } },
      };
    };
    await applySettings(cloudlet.resourceManager(), endpoint, settings());
    expect(canceled).toBe(true);
    expect(properties(cloudlet)["traffic"]).toEqual({ blue: 90, green: 10 });
  });

  it("a write with the etag that the read gave is refused by a change in between, and done again on the new state", async () => {
    const cloudlet = withArms({ blue: 100 });
    let state = 1;
    cloudlet.interfere = (request) => {
      if (request.path !== endpoint) return undefined;
      if (request.method === "GET") {
        const answer = cloudlet.answer(request);
        return { ...answer, headers: { ...answer.headers, etag: `"${state}"` } };
      }
      if (state === 1) {
        state = 2;
        properties(cloudlet)["properties"] = { added: "by others" };
        return refusal(412, "PreconditionFailed");
      }
      return undefined;
    };
    await applySettings(cloudlet.resourceManager(), endpoint, settings());
    expect(cloudlet.writes.map(({ headers, body }) => [headers["if-match"], added(body)])).toEqual([
      ['"1"', undefined],
      ['"2"', "by others"],
    ]);
  });

  it("settings that others overwrite are written three times, then the difference is named", async () => {
    const cloudlet = withArms({ blue: 100 });
    cloudlet.interfere = (request) => {
      if (!put(request)) return undefined;
      const answer = cloudlet.answer(request);
      properties(cloudlet)["traffic"] = { blue: 70, green: 30 };
      return answer;
    };
    const work = applySettings(cloudlet.resourceManager(), endpoint, settings());
    expect(await messageOf(work)).toBe(
      `endpoint ${endpoint} does not keep its settings; written 3 times\n` +
        '- weights: Azure has {"blue":70,"green":30}, wanted {"blue":90,"green":10}\n' +
        "Somebody else writes them: let EndpointSettings be the only writer, then run this again.",
    );
    expect(cloudlet.writes.length).toBe(3);
  });

  it("two changes of one endpoint run one after the other", async () => {
    const cloudlet = withArms({ blue: 100 });
    const azure = cloudlet.resourceManager();
    await Promise.all([
      applySettings(azure, endpoint, settings({ weights: { blue: 60, green: 40 } })),
      applySettings(
        azure,
        endpoint.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"),
        settings({ weights: { blue: 20, green: 80 } }),
      ),
    ]);
    const kinds = cloudlet.requests.map(({ method, path }) =>
      method === "PUT" ? "PUT" : path.split("/").at(-2),
    );
    expect(cloudlet.most).toBe(1);
    expect(kinds.filter((kind) => kind === "PUT").length).toBe(2);
    expect(properties(cloudlet)["traffic"]).toEqual({ blue: 20, green: 80 });
  });

  it("a failed operation is reported with Azure's code and words", async () => {
    const cloudlet = new Cloudlet({ faults: [{ operation: 1, kind: "fail" }] });
    cloudlet.placeEndpoint({ traffic: { blue: 100 } });
    cloudlet.placeDeployment("blue");
    cloudlet.placeDeployment("green");
    const work = applySettings(cloudlet.resourceManager(), endpoint, settings());
    expect(await messageOf(work)).toBe(
      `cannot write ${endpoint}\nAzure answered InternalServerError: The operation failed (a fault of the sandbox settings).\n` +
        "Mend what Azure names, then run this again; nothing is done twice.",
    );
  });

  it("a cancelled wait ends at once and says that Azure goes on", async () => {
    const cloudlet = withArms({ blue: 100 });
    const abort = new AbortController();
    cloudlet.interfere = (request) => {
      if (!put(request)) return undefined;
      setTimeout(() => abort.abort(), 5);
      return {
        ...cloudlet.answer(request),
        headers: { "azure-asyncoperation": "https://management.azure.com/x", "retry-after": "600" },
      };
    };
    const started = Date.now();
    const work = applySettings(cloudlet.resourceManager(), endpoint, settings(), {
      signal: abort.signal,
    });
    expect(await messageOf(work)).toBe(
      `${endpoint}: cancelled while Azure was working; Azure goes on with it, so run \`pulumi refresh\` later`,
    );
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

describe("taking an endpoint out of service", () => {
  it("sets every weight to 0 and clears the mirror in one write, and the deployments can be deleted", async () => {
    const cloudlet = withArms(
      { blue: 100, green: 0, gone: 0 },
      { mirrorTraffic: { green: 10 }, description: "kept" },
    );
    await clearRouting(cloudlet.resourceManager(), endpoint);
    expect(cloudlet.writes.length).toBe(1);
    expect(properties(cloudlet)).toMatchObject({
      traffic: { blue: 0, green: 0 },
      mirrorTraffic: {},
      description: "kept",
    });
    const { status } = cloudlet.azure.request({
      method: "DELETE",
      path: `${endpoint}/deployments/blue?api-version=2025-12-01`,
    });
    expect(status).toBe(202);
  });

  it.each([
    [
      "is gone",
      (cloudlet: Cloudlet) => delete cloudlet.azure.state.resources[endpoint.toLowerCase()],
    ],
    ["went with its resource group", (cloudlet: Cloudlet) => (cloudlet.azure.state.resources = {})],
    ["routes nothing", (cloudlet: Cloudlet) => cloudlet.placeEndpoint({ traffic: { blue: 0 } })],
    [
      "is being deleted",
      (cloudlet: Cloudlet) =>
        cloudlet.placeEndpoint({ traffic: { blue: 100 }, provisioningState: "Deleting" }),
    ],
  ])("writes nothing where the endpoint %s", async (_, prepare) => {
    const cloudlet = withArms({ blue: 100 });
    prepare(cloudlet);
    await clearRouting(cloudlet.resourceManager(), endpoint);
    expect(cloudlet.writes).toEqual([]);
  });

  it("does not fail where the endpoint vanishes between read and write", async () => {
    const cloudlet = withArms({ blue: 100 });
    cloudlet.interfere = ({ method }) => {
      if (method !== "PUT") return undefined;
      delete cloudlet.azure.state.resources[endpoint.toLowerCase()];
      return refusal(404, "ResourceNotFound");
    };
    await clearRouting(cloudlet.resourceManager(), endpoint);
    expect(cloudlet.live(endpoint)).toBeUndefined();
  });
});
