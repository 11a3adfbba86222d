import {
  deployment,
  deploymentId,
  endpoint,
  ml,
  model,
  said,
  withArms,
  withEndpoint,
  workspace,
  workspaceId,
  type Inputs,
} from "./support";

const token = ml("OnlineDeployment");
const caller = withArms();

/** Every refused row leaves the state as it was, so one caller serves all. */
test.each<[string, Inputs, string]>([
  [
    "a model that does not exist",
    deployment("red", { model: `${workspaceId}/models/chat_dev/versions/2` }),
    `400 BadRequest: properties.model names '${workspaceId}/models/chat_dev/versions/2', which does not exist.`,
  ],
  [
    "an environment that does not exist",
    deployment("red", { environmentId: `${workspaceId}/environments/serve/versions/x` }),
    `400 BadRequest: properties.environmentId names '${workspaceId}/environments/serve/versions/x', which does not exist.`,
  ],
  [
    "a Kubernetes deployment behind a managed endpoint",
    deployment("red", { endpointComputeType: "Kubernetes" }),
    "400 BadRequest: endpointComputeType kubernetes does not fit an endpoint of kind managed.",
  ],
  [
    "no environment",
    deployment("red", { environmentId: undefined }),
    "400 BadRequest: The deployment needs environmentId.",
  ],
  [
    "no instance type",
    deployment("red", { instanceType: undefined }),
    "400 BadRequest: The deployment needs instanceType.",
  ],
  [
    "no instance",
    deployment("red", {}, { sku: { name: "Default", capacity: 0 } }),
    "400 OutOfQuota: The number of instances must be an integer from 1 to 50, found 0.",
  ],
  [
    "51 instances",
    deployment("red", {}, { sku: { name: "Default", capacity: 51 } }),
    "400 OutOfQuota: The number of instances must be an integer from 1 to 50, found 51.",
  ],
  [
    "a timeout above 180 s",
    deployment("red", { requestSettings: { requestTimeout: "PT181S" } }),
    "400 BadRequest: requestTimeout must be more than 0 and at most 180 s, found 181 s.",
  ],
  [
    "a timeout in minutes above 180 s",
    deployment("red", { requestSettings: { requestTimeout: "PT3M1S" } }),
    "400 BadRequest: requestTimeout must be more than 0 and at most 180 s, found 181 s.",
  ],
  [
    "a timeout that is no duration",
    deployment("red", { requestSettings: { requestTimeout: "90" } }),
    "400 BadRequest: requestTimeout must be an ISO 8601 duration such as PT90S, found '90'.",
  ],
  [
    "a scale type of Kubernetes",
    deployment("red", { scaleSettings: { scaleType: "TargetUtilization" } }),
    "400 BadRequest: Managed deployments take scaleType Default only, found TargetUtilization; scale with autoscale settings.",
  ],
  [
    "a name that is too short",
    deployment("me"),
    "400 InvalidResourceName: The name 'me' is not valid: 3 to 32 characters, letters, digits and single dashes, starting with a letter (DOC/how-to-manage-quotas.md).",
  ],
  [
    "a name with two dashes",
    deployment("gpt--mini"),
    "400 InvalidResourceName: The name 'gpt--mini' is not valid: 3 to 32 characters, letters, digits and single dashes, starting with a letter (DOC/how-to-manage-quotas.md).",
  ],
  [
    "an endpoint that does not exist",
    deployment("red", {}, { endpointName: "none" }),
    `404 ParentResourceNotFound: Failed to perform 'write' on resource '${workspaceId}/onlineEndpoints/none/deployments/red', because the parent resource '${workspaceId}/onlineEndpoints/none' could not be found.`,
  ],
  [
    "another instance type, on a live deployment",
    deployment("blue", { instanceType: "Standard_DS4_v2" }),
    "409 PropertyChangeNotAllowed: Changing property 'properties.instanceType' of 'blue' is not allowed (swagger mfe.json, OnlineDeployment.instanceType: create, read).",
  ],
  [
    "another egress, on a live deployment",
    deployment("blue", { egressPublicNetworkAccess: "Disabled" }),
    "409 PropertyChangeNotAllowed: Changing property 'properties.egressPublicNetworkAccess' of 'blue' is not allowed (DOC/concept-secure-online-endpoint.md).",
  ],
])("refused: %s", (_, inputs, expected) => {
  expect(said(caller.put(token, inputs))).toBe(expected);
});

test("300 s are allowed where the model is a prompt flow's", () => {
  const flow = withArms();
  flow.make(
    ml("ModelVersion"),
    model("2", { properties: { "azureml.promptflow.source_flow_id": "chat" } }),
  );
  const inputs = (timeout: string): Inputs =>
    deployment("red", {
      model: `${workspaceId}/models/chat_dev/versions/2`,
      requestSettings: { requestTimeout: timeout },
    });
  expect(said(flow.put(token, inputs("PT301S")))).toBe(
    "400 BadRequest: requestTimeout must be more than 0 and at most 300 s, found 301 s.",
  );
  expect(flow.make(token, inputs("PT300S"))["properties"]).toMatchObject({
    provisioningState: "Succeeded",
  });
});

test.each([
  [{ deploymentsPerEndpoint: 2 }, "400 OutOfQuota: Quota exceeded: 2 deployments per endpoint."],
  [
    { deployments: 2 },
    "400 OutOfQuota: Quota exceeded: 2 deployments per subscription and region (swedencentral).",
  ],
])("quota %j", (quotas, expected) => {
  const full = withArms({ quotas });
  expect(said(full.put(token, deployment("red")))).toBe(expected);
  expect(said(full.put(token, deployment("blue")))).toBe("200");
});

test("a deployment in a managed network waits for the network and sets no egress", () => {
  const managedNetwork = { isolationMode: "AllowOnlyApprovedOutbound" };
  const isolated = withEndpoint({}, { managedNetwork });
  expect(said(isolated.put(token, deployment("red")))).toBe(
    "400 WorkspaceManagedNetworkNotReady: The workspace managed network is not provisioned; provision it before a deployment is created.",
  );
  isolated.make(ml("Workspace"), workspace({ managedNetwork, provisionNetworkNow: true }));
  expect(
    said(isolated.put(token, deployment("red", { egressPublicNetworkAccess: "Disabled" }))),
  ).toBe(
    "400 BadRequest: egressPublicNetworkAccess cannot be set in a workspace with a managed network (isolationMode AllowOnlyApprovedOutbound).",
  );
  expect(said(isolated.put(token, deployment("red")))).toBe("201");
});

test("properties are added, never altered or removed", () => {
  const grown = withArms();
  grown.make(token, deployment("blue", { properties: { a: "1" } }));
  grown.make(token, deployment("blue", { properties: { a: "1", b: "2" } }));
  for (const properties of [{ a: "1" }, { a: "2", b: "2" }, undefined]) {
    expect(said(grown.put(token, deployment("blue", { properties })))).toMatch(
      /^400 BadRequest: Property '[ab]' cannot be removed or altered; properties can only be added\.$/,
    );
  }
});

test("an endpoint's own limits: region, quota, legacy mode, identity, kind of token", () => {
  const own = withArms({ quotas: { endpoints: 1 } });
  const put = ml("OnlineEndpoint");
  expect(said(own.put(put, endpoint({}, { endpointName: "other" })))).toBe(
    "400 OutOfQuota: Quota exceeded: 1 endpoints per subscription and region (swedencentral).",
  );
  expect(said(own.put(put, endpoint({}, { identity: { type: "SystemAssigned" } })))).toBe(
    "400 BadRequest: The identity of an endpoint cannot be changed after it was created.",
  );
  expect(said(own.put(put, endpoint({ keys: { primaryKey: "new" } })))).toMatch(
    /^409 PropertyChangeNotAllowed: Changing property 'properties\.keys' of 'chat' is not allowed/,
  );
  expect(said(own.put(put, endpoint({}, { kind: "Kubernetes" })))).toBe(
    "400 BadRequest: authMode AADToken is available on managed online endpoints only.",
  );
  own.make(ml("Workspace"), workspace({ v1LegacyMode: true }));
  expect(said(own.put(put, endpoint()))).toBe(
    "400 BadRequest: The workspace is in v1LegacyMode and takes no online endpoints.",
  );
});

test("no two deployments of one name: the second PUT is an update", () => {
  expect(said(withArms().put(token, deployment("blue")))).toBe("200");
  expect(caller.get(deploymentId("blue"))).toMatchObject({
    name: "blue",
    location: "swedencentral",
  });
});
