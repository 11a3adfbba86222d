import { declare } from "../support/declared";
import { cluster, onKubernetes, someArm, someEnvironment, someFlow } from "../support/environment";

const ml = "azure-native:machinelearningservices";
const tags = { project: "genaiops-platform", environment: "dev", flow: "web" };
const arms = [someArm("blue", { weight: 100, instances: 2, concurrentRequests: 4 })];
const web = someFlow("web", { arms });

test("the attached cluster is only read, and the endpoint stands on it under a name of its own", async () => {
  const { one } = await declare(someEnvironment(cluster, [onKubernetes(web)]));
  const compute = one(`${ml}:Compute`);
  expect(compute).toMatchObject({
    name: "kubernetes",
    parent: "kubernetes",
    readId: "<workspace.id>/computes/aks-flows",
    protect: false,
  });
  const endpoint = one(`${ml}:OnlineEndpoint`);
  expect(endpoint.ignoreChanges).toContain("properties.traffic");
  expect(endpoint.ignoreChanges).not.toContain("properties.compute");
  expect(endpoint).toMatchObject({
    name: "web",
    parent: "web",
    replaceOnChanges: ["identity", "properties.compute"],
  });
  expect(endpoint.inputs).toEqual({
    resourceGroupName: "<resource-group.name>",
    workspaceName: "<workspace.name>",
    endpointName: "web-dev-k8s-cibxs2",
    location: "swedencentral",
    kind: "Kubernetes",
    identity: { type: "UserAssigned", userAssignedIdentities: ["<endpoint-identity.web.id>"] },
    properties: {
      authMode: "AMLToken",
      compute: "<workspace.id>/computes/aks-flows",
      // The SDK of azure-native fills it in.
      publicNetworkAccess: "Enabled",
    },
    tags,
  });
  expect(one("genaiops:platform:KubernetesFlowEndpoint").name).toBe("web");
});

test("an arm is a Kubernetes deployment with the flow's requests and limits", async () => {
  const { one } = await declare(
    someEnvironment(cluster, [
      onKubernetes(web, {
        instanceType: "gpu-small",
        requests: { cpu: "500m", memory: "1Gi" },
        limits: { cpu: "2", memory: "4Gi", gpu: 1 },
      }),
    ]),
  );
  const { inputs } = one(`${ml}:OnlineDeployment`);
  expect(inputs).toMatchObject({
    deploymentName: "blue",
    kind: "Kubernetes",
    sku: { name: "Default", capacity: 2 },
  });
  const { environmentVariables, livenessProbe, readinessProbe, ...rest } = inputs[
    "properties"
  ] as Record<string, unknown>;
  expect(rest).toEqual({
    endpointComputeType: "Kubernetes",
    model: "<workspace.id>/models/web_dev/versions/1",
    environmentId: "<image.serve.environment.assetId>",
    instanceType: "gpu-small",
    containerResourceRequirements: {
      containerResourceRequests: { cpu: "500m", memory: "1Gi" },
      containerResourceLimits: { cpu: "2", memory: "4Gi", gpu: "1" },
    },
    appInsightsEnabled: true,
    requestSettings: { requestTimeout: "PT90S", maxConcurrentRequestsPerInstance: 4 },
    scaleSettings: { scaleType: "Default" },
  });
  expect(livenessProbe).toEqual(readinessProbe);
  expect(environmentVariables).toMatchObject({ PROMPTFLOW_RUN_MODE: "serving" });
});

test("without requests the cluster's default instance type decides", async () => {
  const { one } = await declare(someEnvironment(cluster, [onKubernetes(web)]));
  const properties = one(`${ml}:OnlineDeployment`).inputs["properties"] as object;
  expect(Object.keys(properties)).not.toContain("instanceType");
  expect(Object.keys(properties)).not.toContain("containerResourceRequirements");
});

test("the same weights resource routes, and says nothing of public access", async () => {
  const two = [someArm("blue", { weight: 80 }), someArm("green", { weight: 20 })];
  const { one } = await declare(
    someEnvironment(cluster, [onKubernetes(someFlow("web", { arms: two }))]),
  );
  const settings = one("genaiops:index:EndpointSettings");
  expect(settings.inputs).toEqual({
    endpoint: "<web.id>",
    weights: { blue: 80, green: 20 },
    authMode: "AMLToken",
    tags,
  });
  expect(settings).toMatchObject({
    name: "web.settings",
    after: ["web", "web.blue", "web.green"],
    deletedWith: "web",
  });
});
