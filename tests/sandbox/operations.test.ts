import { Azure, KillFault } from "../../packages/sandbox/azure";
import {
  Caller,
  deployment,
  deploymentId,
  endpoint,
  endpointId,
  group,
  groupId,
  location,
  ml,
  native,
  said,
  storage,
  idOf,
  withArms,
  type Inputs,
} from "./support";

const state = (caller: Caller, id: string): unknown =>
  (caller.get(id)["properties"] as Inputs)["provisioningState"];
const settings = (caller: Caller, value: unknown): void =>
  void ((caller.azure as { settings: unknown }).settings = value);

test("a write on an endpoint runs until it was polled, and excludes others on it and its deployments", () => {
  const caller = withArms({ polls: 2 });
  const first = caller.put(ml("OnlineDeployment"), deployment("red"));
  expect(first.status).toBe(201);
  expect(first.headers["Azure-AsyncOperation"]).toMatch(
    /^https:\/\/management\.azure\.com\/subscriptions\/[-0-9]+\/providers\/Microsoft\.MachineLearningServices\/locations\/swedencentral\/mfeOperationsStatus\/[-0-9a-f]+\?api-version=2025-12-01$/,
  );
  expect(state(caller, deploymentId("red"))).toBe("Creating");
  expect(said(caller.put(ml("OnlineEndpoint"), endpoint()))).toMatch(/^409 OperationCanceled: /);
  expect(caller.settle(first)).toBe("Succeeded");
  expect(state(caller, deploymentId("red"))).toBe("Succeeded");
  const second = caller.put(ml("OnlineEndpoint"), endpoint());
  expect([second.status, state(caller, endpointId)]).toEqual([200, "Updating"]);
  expect(said(caller.send("DELETE", deploymentId("red")))).toMatch(/^409 OperationCanceled: /);
});

test("a refused write is time that passes: the next attempt gets through", () => {
  const caller = withArms();
  caller.put(ml("OnlineDeployment"), deployment("red"));
  expect(said(caller.put(ml("OnlineEndpoint"), endpoint()))).toMatch(/^409 OperationCanceled: /);
  expect(said(caller.put(ml("OnlineEndpoint"), endpoint()))).toBe("200");
});

test("a delete runs too, and its Location says when it is done", () => {
  const caller = withArms({ polls: 2 });
  const { status, headers } = caller.send("DELETE", deploymentId("blue"));
  expect([status, state(caller, deploymentId("blue"))]).toEqual([202, "Deleting"]);
  const { pathname, search } = new URL(headers["Location"] as string);
  const look = (): number =>
    caller.azure.request({ method: "GET", path: pathname + search }).status;
  expect([look(), look(), caller.send("GET", deploymentId("blue")).status]).toEqual([
    202, 204, 404,
  ]);
  expect(caller.send("DELETE", deploymentId("blue")).status).toBe(204);
});

test("fail: a long-running write ends in Failed, another answers 500 and writes nothing", () => {
  const caller = withArms();
  settings(caller, {
    faults: [1, 2].map((n) => ({ operation: caller.azure.state.writes + n, kind: "fail" })),
  });
  expect(caller.settle(caller.put(ml("OnlineDeployment"), deployment("red")))).toBe("Failed");
  expect(state(caller, deploymentId("red"))).toBe("Failed");
  const other = storage({ accountName: "stother" });
  expect(said(caller.put(native("storage:StorageAccount"), other))).toMatch(
    /^500 InternalServerError: /,
  );
  expect(caller.send("GET", idOf(native("storage:StorageAccount"), other)).status).toBe(404);
});

test("delay: a long-running write takes more polls, another answers 429 once", () => {
  const caller = withArms();
  settings(caller, {
    delayPolls: 2,
    faults: [1, 2].map((n) => ({ operation: caller.azure.state.writes + n, kind: "delay" })),
  });
  const slow = caller.put(ml("OnlineDeployment"), deployment("red"));
  const { pathname, search } = new URL(slow.headers["Azure-AsyncOperation"] as string);
  const looks = [1, 2, 3].map(
    () =>
      (caller.azure.request({ method: "GET", path: pathname + search }).body as Inputs)["status"],
  );
  expect(looks).toEqual(["InProgress", "InProgress", "Succeeded"]);
  const other = storage({ accountName: "stother" });
  expect(said(caller.put(native("storage:StorageAccount"), other))).toMatch(
    /^429 TooManyRequests: /,
  );
  expect(said(caller.put(native("storage:StorageAccount"), other))).toBe("201");
});

test("kill: the write is done, its answer is lost", () => {
  const caller = new Caller({ faults: [{ operation: 1, kind: "kill" }] });
  const inputs = { ...group, location };
  expect(() => caller.put(native("resources:ResourceGroup"), inputs)).toThrow(KillFault);
  expect(caller.get(groupId)["location"]).toBe("swedencentral");
});

test("equal requests give equal states, and the state is JSON", () => {
  const [one, two] = [withArms().azure.state, withArms().azure.state];
  expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  const again = new Azure(JSON.parse(JSON.stringify(one)) as typeof one);
  const path = `${endpointId}?api-version=2025-12-01`;
  expect(again.request({ method: "GET", path })).toEqual(
    withArms().azure.request({ method: "GET", path }),
  );
});

test("every request names an API version", () => {
  const { azure } = new Caller();
  expect(said(azure.request({ method: "GET", path: groupId }))).toMatch(
    /^400 MissingApiVersionParameter: /,
  );
  expect(said(azure.request({ method: "GET", path: `${groupId}?api-version=latest` }))).toMatch(
    /^400 InvalidApiVersionParameter: /,
  );
});

test("what is not there is not found, by its place", () => {
  const caller = withArms();
  expect(said(caller.send("GET", `${groupId}x`))).toMatch(/^404 ResourceGroupNotFound: /);
  expect(said(caller.send("GET", `${endpointId}x`))).toMatch(/^404 ResourceNotFound: /);
  expect(said(caller.send("PATCH", `${endpointId}x`, { tags: {} }))).toMatch(
    /^404 ResourceNotFound: /,
  );
  expect(said(caller.send("GET", `${groupId}/providers/Microsoft.Batch/batchAccounts/a`))).toMatch(
    /^404 InvalidResourceType: /,
  );
  expect(
    said(caller.put(native("storage:StorageAccount"), storage({ resourceGroupName: "none" }))),
  ).toMatch(/^404 ResourceGroupNotFound: /);
});

const lock = (scope: string, level: string): Inputs => ({ scope, lockName: "keep", level });

test("CanNotDelete keeps a resource, what is below it, and its group; changes pass", () => {
  const caller = withArms();
  const token = native("authorization:ManagementLockByScope");
  const account = idOf(native("storage:StorageAccount"), storage());
  caller.make(token, lock(account, "CanNotDelete"));
  const lockId = idOf(token, lock(account, "CanNotDelete"));
  for (const id of [account, `${account}/blobServices/default`, groupId]) {
    expect(said(caller.send("DELETE", id))).toBe(
      `409 ScopeLocked: The scope '${id}' cannot perform delete operation because the following scope(s) are locked: '${lockId}'. Please remove the lock and try again.`,
    );
  }
  expect(said(caller.put(native("storage:StorageAccount"), storage({ tags: { a: "b" } })))).toBe(
    "200",
  );
  caller.drop(lockId);
  caller.drop(account);
});

test("ReadOnly refuses writes too", () => {
  const caller = withArms();
  caller.make(native("authorization:ManagementLockByScope"), lock(groupId, "ReadOnly"));
  expect(said(caller.put(native("storage:StorageAccount"), storage()))).toMatch(
    /^409 ScopeLocked: .* cannot perform write operation/,
  );
});
