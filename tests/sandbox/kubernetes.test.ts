import {
  deployment,
  endpoint,
  endpointId,
  endpointRoles,
  environment,
  inWorkspace,
  ml,
  model,
  principalOf,
  said,
  withWorkspace,
  workspaceId,
  type Caller,
  type Inputs,
} from "./support";

const [computes, endpoints, deployments] = ["Compute", "OnlineEndpoint", "OnlineDeployment"].map(
  ml,
);
const computeId = `${workspaceId}/computes/aks-flows`;

/** A cluster as `az ml compute attach` leaves it. */
const cluster = (more: Inputs = {}): Inputs => ({
  ...inWorkspace,
  computeName: "aks-flows",
  properties: {
    computeType: "Kubernetes",
    resourceId:
      "/subscriptions/1/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks",
    properties: {
      namespace: "flows",
      instanceTypes: {
        small: { resources: { limits: { cpu: "2", memory: "4Gi" } } },
      },
    },
    ...more,
  },
});
const onCluster = (properties: Inputs = {}, more: Inputs = {}): Inputs =>
  endpoint({ authMode: "Key", compute: computeId, ...properties }, { kind: "Kubernetes", ...more });
const arm = (properties: Inputs = {}, more: Inputs = {}): Inputs =>
  deployment(
    "red",
    { endpointComputeType: "Kubernetes", instanceType: undefined, ...properties },
    more,
  );
const granted = (containerResourceRequests: Inputs, containerResourceLimits?: Inputs): Inputs =>
  arm({ containerResourceRequirements: { containerResourceRequests, containerResourceLimits } });

/** A workspace with an attached cluster, and what an endpoint needs. */
function attached(): Caller {
  const caller = withWorkspace();
  for (const [role, scope] of endpointRoles)
    caller.grant(role, principalOf(caller, "id-chat"), scope);
  caller.make(ml("ModelVersion"), model("1"));
  caller.make(ml("EnvironmentVersion"), environment);
  caller.make(computes as string, cluster());
  return caller;
}

describe("a Kubernetes endpoint", () => {
  const caller = attached();
  caller.make(computes as string, {
    ...inWorkspace,
    computeName: "cpu-cluster",
    properties: { computeType: "AmlCompute", properties: { vmSize: "Standard_DS3_v2" } },
  });

  test.each<[string, Inputs, string]>([
    [
      "no compute",
      onCluster({ compute: undefined }),
      "400 BadRequest: A Kubernetes online endpoint needs properties.compute, a Kubernetes cluster attached to the workspace.",
    ],
    [
      "a compute that nobody attached",
      onCluster({ compute: `${workspaceId}/computes/other` }),
      `400 BadRequest: The workspace has no compute '${workspaceId}/computes/other'.`,
    ],
    [
      "the cluster itself instead of its compute",
      onCluster({
        compute:
          "/subscriptions/1/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks",
      }),
      "400 BadRequest: The workspace has no compute '/subscriptions/1/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks'.",
    ],
    [
      "a cluster for jobs",
      onCluster({ compute: `${workspaceId}/computes/cpu-cluster` }),
      "400 BadRequest: The compute 'cpu-cluster' is of type AmlCompute; a Kubernetes online endpoint needs one of type Kubernetes.",
    ],
    [
      "AADToken",
      onCluster({ authMode: "AADToken" }),
      "400 BadRequest: authMode AADToken is available on managed online endpoints only.",
    ],
    [
      "no public access",
      onCluster({ publicNetworkAccess: "Disabled" }),
      "400 BadRequest: publicNetworkAccess is available on managed online endpoints only; the cluster's network says who reaches a Kubernetes endpoint.",
    ],
    [
      "a compute for a managed endpoint",
      endpoint({ compute: computeId }),
      "400 BadRequest: compute is for Kubernetes online endpoints only.",
    ],
  ])("refused: %s", (_, inputs, expected) => {
    expect(said(caller.put(endpoints as string, inputs))).toBe(expected);
    expect(caller.send("GET", endpointId).status).toBe(404);
  });

  test("refused while the cluster's attachment has failed", () => {
    const failing = attached();
    const stored = Object.values(failing.azure.state.resources).find(
      ({ id }) => id.toLowerCase() === computeId.toLowerCase(),
    );
    (stored?.body["properties"] as Inputs)["provisioningState"] = "Failed";
    expect(said(failing.put(endpoints as string, onCluster()))).toBe(
      "400 BadRequest: The compute 'aks-flows' is in state Failed; attach it again until it is Succeeded.",
    );
  });

  test("60 of them fill a cluster", () => {
    const full = attached();
    for (let index = 1; index <= 60; index += 1) {
      full.make(endpoints as string, onCluster({}, { endpointName: `chat-${index}` }));
    }
    expect(said(full.put(endpoints as string, onCluster()))).toBe(
      "400 OutOfQuota: Quota exceeded: 60 endpoints per Kubernetes cluster.",
    );
  });
});

describe("a Kubernetes deployment", () => {
  const caller = attached();
  caller.make(endpoints as string, onCluster());

  test.each<[string, Inputs, string]>([
    [
      "a managed deployment behind it",
      deployment("red"),
      "400 BadRequest: endpointComputeType managed does not fit an endpoint of kind kubernetes.",
    ],
    [
      "a VM size",
      arm({ instanceType: "Standard_DS3_v2" }),
      "400 BadRequest: The cluster has no instance type 'Standard_DS3_v2'; it has defaultinstancetype, small.",
    ],
    [
      "an egress setting",
      arm({ egressPublicNetworkAccess: "Disabled" }),
      "400 BadRequest: egressPublicNetworkAccess is available on managed online deployments only.",
    ],
    [
      "a timeout above 300 s",
      arm({ requestSettings: { requestTimeout: "PT301S" } }),
      "400 BadRequest: requestTimeout must be more than 0 and at most 300 s, found 301 s.",
    ],
    [
      "requests without memory",
      granted({ cpu: "1" }),
      "400 BadRequest: requests.memory is required, and can't be zero or empty.",
    ],
    [
      "no core",
      granted({ cpu: "0", memory: "1Gi" }),
      "400 BadRequest: requests.cpu is required, and can't be zero or empty.",
    ],
    [
      "more cores than the limit",
      granted({ cpu: "1500m", memory: "1Gi" }, { cpu: "1" }),
      "400 BadRequest: requests.cpu 1500m must be less than or equal to limits.cpu 1.",
    ],
    [
      "more memory than the limit",
      granted({ cpu: "1", memory: "1Gi" }, { cpu: "1", memory: "1000Mi" }),
      "400 BadRequest: requests.memory 1Gi must be less than or equal to limits.memory 1000Mi.",
    ],
    [
      "GPUs among the requests",
      granted({ cpu: "1", memory: "1Gi", gpu: "1" }),
      "400 BadRequest: gpu can be specified only in the limits section.",
    ],
    [
      "GPUs without other limits",
      granted({ cpu: "1", memory: "1Gi" }, { gpu: "1" }),
      "400 BadRequest: limits.cpu is required where GPUs are needed.",
    ],
    [
      "requests above the limits of the default instance type",
      granted({ cpu: "500m", memory: "16Gi" }),
      "400 BadRequest: requests.memory 16Gi must be less than or equal to the limit of the instance type defaultinstancetype, 8Gi.",
    ],
    [
      "limits above those of the default instance type",
      granted({ cpu: "1", memory: "1Gi" }, { cpu: "4", memory: "4Gi" }),
      "400 BadRequest: limits.cpu 4 must not exceed that of the instance type defaultinstancetype, 2.",
    ],
    [
      "limits above those of the instance type",
      arm({
        instanceType: "small",
        containerResourceRequirements: {
          containerResourceRequests: { cpu: "1", memory: "1Gi" },
          containerResourceLimits: { cpu: "3", memory: "4Gi" },
        },
      }),
      "400 BadRequest: limits.cpu 3 must not exceed that of the instance type small, 2.",
    ],
    [
      "more instances at least than at most",
      arm({ scaleSettings: { scaleType: "TargetUtilization", minInstances: 2 } }),
      "400 BadRequest: minInstances must be at least 1 and at most maxInstances, found 2 and 1.",
    ],
    [
      "a utilization above all",
      arm({ scaleSettings: { scaleType: "TargetUtilization", targetUtilizationPercentage: 101 } }),
      "400 BadRequest: targetUtilizationPercentage must be from 1 to 100, found 101.",
    ],
    [
      "an interval that is no duration",
      arm({ scaleSettings: { scaleType: "TargetUtilization", pollingInterval: "10" } }),
      "400 BadRequest: pollingInterval must be an ISO 8601 duration such as PT10S, found '10'.",
    ],
  ])("refused: %s", (_, inputs, expected) => {
    expect(said(caller.put(deployments as string, inputs))).toBe(expected);
  });

  test("a long endpoint's name leaves less for its deployments", () => {
    const endpointName = "c".repeat(32);
    caller.make(endpoints as string, onCluster({}, { endpointName }));
    expect(
      said(
        caller.put(
          deployments as string,
          arm({}, { endpointName, deploymentName: "d".repeat(31) }),
        ),
      ),
    ).toBe(
      "400 BadRequest: For a Kubernetes endpoint the endpoint name plus deployment name must be 6-62 characters in total length, found 63.",
    );
  });

  test("containers' resources of a managed deployment are refused", () => {
    const managed = attached();
    managed.make(endpoints as string, endpoint());
    const naive = deployment("red", {
      containerResourceRequirements: { containerResourceRequests: { cpu: "1", memory: "1Gi" } },
    });
    expect(() => managed.put(deployments as string, naive)).toThrow(
      "properties.containerResourceRequirements is unknown",
    );
  });

  test("stands with what the cluster has, and however many instances", () => {
    const caller = attached();
    caller.make(endpoints as string, onCluster());
    const made = caller.make(
      deployments as string,
      arm(
        {
          instanceType: "small",
          containerResourceRequirements: {
            containerResourceRequests: { cpu: "500m", memory: "1Gi" },
            containerResourceLimits: { cpu: "2", memory: "4Gi", gpu: "1" },
          },
          scaleSettings: { scaleType: "TargetUtilization", minInstances: 1, maxInstances: 60 },
        },
        { sku: { name: "Default", capacity: 51 } },
      ),
    );
    expect(made["properties"]).toMatchObject({ provisioningState: "Succeeded" });
  });
});

test("no endpoint on a cluster in a workspace with a managed network", () => {
  const caller = attached();
  const body = caller.azure.state.resources[workspaceId.toLowerCase()]?.body;
  (body?.["properties"] as Inputs)["managedNetwork"] = { isolationMode: "AllowInternetOutbound" };
  expect(said(caller.put(endpoints as string, onCluster()))).toBe(
    "400 BadRequest: Kubernetes is not supported in a workspace with a managed network (isolationMode AllowInternetOutbound).",
  );
});

test("requests cannot be mirrored behind a Kubernetes endpoint", () => {
  const caller = attached();
  caller.make(endpoints as string, onCluster());
  for (const name of ["red", "blue"]) {
    caller.make(deployments as string, { ...arm(), deploymentName: name });
  }
  expect(
    said(
      caller.put(
        endpoints as string,
        onCluster({ traffic: { red: 100 }, mirrorTraffic: { blue: 10 } }),
      ),
    ),
  ).toBe("400 BadRequest: Mirror traffic is available on managed online endpoints only.");
});
