import { Caller, group, idOf, inWorkspace, location, ml, said, type Inputs } from "./support";

const endpoint = `${ml}:OnlineEndpoint`;
const inputs = (properties: Inputs = {}, more: Inputs = {}): Inputs => ({
  ...inWorkspace,
  endpointName: "chat",
  location,
  kind: "Managed",
  properties: { authMode: "AADToken", ...properties },
  ...more,
});

function started(): Caller {
  const caller = new Caller();
  caller.make("azure-native:resources:ResourceGroup", { ...group, location });
  caller.make(`${ml}:Workspace`, { ...inWorkspace, location });
  return caller;
}

test("weights at endpoint creation are refused", () => {
  const caller = started();
  expect(said(caller.put(endpoint, inputs({ traffic: { blue: 100 } })))).toBe(
    "400 BadRequest: Traffic cannot be set at the time of endpoint creation: the endpoint has no deployment named blue.",
  );
  expect(caller.send("GET", idOf(endpoint, inputs())).status).toBe(404);
});

test("an endpoint is created, polled and read", () => {
  const caller = started();
  const response = caller.put(endpoint, inputs());
  expect(response.status).toBe(201);
  expect((response.body as { properties: Inputs }).properties["provisioningState"]).toBe(
    "Creating",
  );
  expect(said(caller.put(endpoint, inputs()))).toMatch(/^409 OperationCanceled: /);
  expect(caller.settle(response)).toBe("Succeeded");
});
