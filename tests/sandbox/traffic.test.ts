import {
  deployment,
  deploymentId,
  endpoint,
  endpointId,
  ml,
  said,
  withArms,
  withWorkspace,
  type Inputs,
} from "./support";

const put = ml("OnlineEndpoint");
const routed = (traffic: Inputs, mirrorTraffic: Inputs = {}): Inputs =>
  endpoint({ traffic, mirrorTraffic });

test("weights at endpoint creation are refused", () => {
  const caller = withArms();
  caller.drop(endpointId);
  expect(said(caller.put(put, routed({ blue: 100 })))).toBe(
    "400 BadRequest: Traffic cannot be set at the time of endpoint creation: the endpoint has no deployment named blue.",
  );
  expect(caller.send("GET", endpointId).status).toBe(404);
});

test.each([
  [{ blue: 100 }, "200"],
  [{ blue: 90, green: 10 }, "200"],
  [{ blue: 0, green: 0 }, "200"],
  [{}, "200"],
  [{ blue: 90 }, "400 BadRequest: Traffic values must sum to 0 or 100, found 90."],
  [{ blue: 60, green: 60 }, "400 BadRequest: Traffic values must sum to 0 or 100, found 120."],
  [
    { blue: 99.5, green: 0.5 },
    "400 BadRequest: Traffic of deployment blue must be an integer from 0 to 100, found 99.5.",
  ],
  [
    { blue: 110, green: -10 },
    "400 BadRequest: Traffic of deployment blue must be an integer from 0 to 100, found 110.",
  ],
  [
    { red: 100 },
    "400 BadRequest: Deployment red does not exist under this endpoint, which has blue, green.",
  ],
])("traffic %j: %s", (traffic, expected) => {
  const caller = withArms();
  expect(said(caller.put(put, routed(traffic)))).toBe(expected);
});

test.each([
  [{ green: 50 }, "200"],
  [
    { green: 51 },
    "400 BadRequest: Mirror traffic of deployment green must be an integer from 0 to 50, found 51.",
  ],
  [
    { blue: 10 },
    "400 BadRequest: Deployment blue has 100 % of the live traffic and cannot receive mirror traffic.",
  ],
  [
    { green: 10, blue: 10 },
    "400 BadRequest: Mirror traffic can go to one deployment only, found green, blue.",
  ],
  [
    { red: 10 },
    "400 BadRequest: Deployment red does not exist under this endpoint, which has blue, green.",
  ],
])("mirror %j beside blue 100: %s", (mirror, expected) => {
  const caller = withArms();
  expect(said(caller.put(put, routed({ blue: 100 }, mirror)))).toBe(expected);
});

test("a second plain PUT without traffic wipes the routing", () => {
  const caller = withArms();
  caller.make(put, routed({ blue: 90, green: 10 }));
  const live = caller.make(put, endpoint({}, { tags: { owner: "team" } }));
  expect(live["properties"]).toMatchObject({ traffic: {}, provisioningState: "Succeeded" });
});

test("PATCH takes tags and keeps the routing; it does not know properties", () => {
  const caller = withArms();
  caller.make(put, routed({ blue: 90, green: 10 }));
  expect(said(caller.send("PATCH", endpointId, { properties: { traffic: { blue: 100 } } }))).toBe(
    "400 BadRequest: Could not find member 'properties' on object of this type; PATCH takes tags and identity.",
  );
  caller.settle(caller.send("PATCH", endpointId, { tags: { owner: "team" } }));
  expect(caller.get(endpointId)).toMatchObject({
    tags: { owner: "team" },
    properties: { traffic: { blue: 90, green: 10 } },
  });
});

test("what was read can be changed and written again", () => {
  const caller = withArms();
  const live = caller.make(put, routed({ blue: 90, green: 10 }));
  const changed = structuredClone(live) as { properties: { traffic: Inputs } };
  changed.properties.traffic = { blue: 50, green: 50 };
  caller.settle(caller.send("PUT", endpointId, changed));
  expect(caller.get(endpointId)).toEqual(changed);
});

test("a deployment with live or mirrored traffic cannot be deleted; one with 0 can", () => {
  const caller = withArms();
  caller.make(put, routed({ blue: 100 }, { green: 5 }));
  expect(said(caller.send("DELETE", deploymentId("blue")))).toBe(
    "400 BadRequest: Deployment blue receives 100 % of the endpoint's live traffic and cannot be deleted; set it to 0 first.",
  );
  expect(said(caller.send("DELETE", deploymentId("green")))).toBe(
    "400 BadRequest: Deployment green receives 5 % of the endpoint's mirrored traffic and cannot be deleted; set it to 0 first.",
  );
  caller.make(put, routed({ blue: 100, green: 0 }));
  caller.drop(deploymentId("green"));
  expect(caller.send("GET", deploymentId("green")).status).toBe(404);
});

test("deleting the endpoint deletes its deployments, live ones too", () => {
  const caller = withArms();
  caller.make(put, routed({ blue: 100 }));
  caller.drop(endpointId);
  expect(caller.send("GET", deploymentId("blue")).status).toBe(404);
});

test("a deployment that failed gets no traffic, one that had traffic keeps it", () => {
  const caller = withArms();
  caller.make(put, routed({ blue: 100 }));
  for (const name of ["blue", "green"]) {
    const faulty = { operation: caller.azure.state.writes + 1, kind: "fail" as const };
    (caller.azure as { settings: unknown }).settings = { faults: [faulty] };
    expect(caller.settle(caller.put(ml("OnlineDeployment"), deployment(name)))).toBe("Failed");
  }
  expect(said(caller.put(put, routed({ blue: 90, green: 10 })))).toBe(
    "400 BadRequest: Deployment green is in state Failed; traffic can only be sent to deployments in state Succeeded.",
  );
  expect(said(caller.put(put, routed({ blue: 100 })))).toBe("200");
});

test("a workspace without endpoints lists none", () => {
  const caller = withWorkspace();
  const path = endpointId.slice(0, endpointId.lastIndexOf("/"));
  expect(caller.send("GET", path).body).toEqual({ value: [] });
});
