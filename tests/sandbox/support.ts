import { Azure, type AzureResponse, type SandboxSettings } from "../../packages/sandbox/azure";
import { guid } from "../../packages/sandbox/ids";
import { builtInRoles, type Role } from "../../packages/sandbox/rules/roles";
import { apiVersion, toBody, toPath } from "../../packages/sandbox/translate";

/** Requests as azure-native would make them, short enough for a table of tests. */

export type Inputs = Record<string, unknown>;
type Method = "GET" | "PUT" | "PATCH" | "DELETE" | "POST";

export const subscription = "11111111-1111-1111-1111-111111111111";
export const tenant = "00000000-0000-0000-0000-00000000000a";
export const location = "swedencentral";

export const native = (name: string): string => `azure-native:${name}`;
export const ml = (name: string): string => native(`machinelearningservices:${name}`);

export const group = { resourceGroupName: "rg" };
export const inWorkspace = { ...group, workspaceName: "ws-main" };

export function idOf(token: string, inputs: Inputs): string {
  return toPath(token, inputs, subscription);
}

export const groupId = idOf(native("resources:ResourceGroup"), group);
export const workspaceId = idOf(ml("Workspace"), inWorkspace);

export class Caller {
  readonly azure: Azure;

  constructor(settings: SandboxSettings = {}, before?: Caller) {
    this.azure = new Azure(before && structuredClone(before.azure.state), settings);
  }

  put(token: string, inputs: Inputs, principal?: string): AzureResponse {
    const path = `${idOf(token, inputs)}?api-version=${apiVersion(token)}`;
    return this.azure.request({
      method: "PUT",
      path,
      body: toBody(token, inputs),
      ...(principal ? { principal } : {}),
    });
  }

  send(method: Method, id: string, body?: unknown): AzureResponse {
    const path = `${id}${id.includes("?") ? "&" : "?"}api-version=2025-12-01`;
    return this.azure.request({ method, path, body });
  }

  /** PUT that must succeed, its operation polled to the end; the answer of a read afterwards. */
  make(token: string, inputs: Inputs): Inputs {
    const response = this.put(token, inputs);
    if (response.status >= 300) throw new Error(said(response));
    this.settle(response);
    return this.get(idOf(token, inputs));
  }

  get(id: string): Inputs {
    const response = this.send("GET", id);
    if (response.status !== 200) throw new Error(said(response));
    return response.body as Inputs;
  }

  /** DELETE that must succeed, polled to the end. */
  drop(id: string): void {
    const response = this.send("DELETE", id);
    if (response.status >= 300) throw new Error(said(response));
    this.settle(response);
  }

  settle(response: AzureResponse): string {
    const url = response.headers["Azure-AsyncOperation"];
    if (!url) return "Succeeded";
    for (let turn = 0; turn < 20; turn += 1) {
      const { pathname, search } = new URL(url);
      const { body } = this.azure.request({ method: "GET", path: pathname + search });
      const { status } = body as { status: string };
      if (status !== "InProgress") return status;
    }
    throw new Error(`${url} does not end`);
  }

  grant(role: Role, principalId: string, scope: string): void {
    this.make(native("authorization:RoleAssignment"), assignment(role, principalId, scope));
  }
}

export function assignment(role: Role, principalId: string, scope: string): Inputs {
  return {
    scope,
    roleAssignmentName: guid(role, principalId, scope),
    principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles[role]}`,
  };
}

/** `400 BadRequest: message` of a refusal, the status of a success. */
export function said(response: AzureResponse): string {
  const { error } = (response.body ?? {}) as { error?: { code: string; message: string } };
  return error ? `${response.status} ${error.code}: ${error.message}` : String(response.status);
}

export const identity = (resourceName: string): Inputs => ({ ...group, resourceName, location });
export const identityId = (name: string): string =>
  idOf(native("managedidentity:UserAssignedIdentity"), identity(name));

export const vault = (more: Inputs = {}, properties: Inputs = {}): Inputs => ({
  ...group,
  vaultName: "kv-main",
  location,
  properties: {
    tenantId: tenant,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
    ...properties,
  },
  ...more,
});

export const storage = (more: Inputs = {}): Inputs => ({
  ...group,
  accountName: "stmain",
  location,
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  allowSharedKeyAccess: false,
  ...more,
});

export const registry = (more: Inputs = {}): Inputs => ({
  ...group,
  registryName: "crmain",
  location,
  sku: { name: "Premium" },
  ...more,
});
export const logAnalytics = (more: Inputs = {}): Inputs => ({
  ...group,
  workspaceName: "log-main",
  location,
  ...more,
});

export const insights = (more: Inputs = {}): Inputs => ({
  ...group,
  resourceName: "appi-main",
  location,
  kind: "web",
  applicationType: "web",
  workspaceResourceId: idOf(native("operationalinsights:Workspace"), logAnalytics()),
  ...more,
});

export const workspace = (more: Inputs = {}): Inputs => ({
  ...inWorkspace,
  location,
  identity: { type: "UserAssigned", userAssignedIdentities: [identityId("id-ws")] },
  primaryUserAssignedIdentity: identityId("id-ws"),
  keyVault: idOf(native("keyvault:Vault"), vault()),
  storageAccount: idOf(native("storage:StorageAccount"), storage()),
  containerRegistry: idOf(native("containerregistry:Registry"), registry()),
  applicationInsights: idOf(native("applicationinsights:Component"), insights()),
  systemDatastoresAuthMode: "Identity",
  ...more,
});

export const endpoint = (properties: Inputs = {}, more: Inputs = {}): Inputs => ({
  ...inWorkspace,
  endpointName: "chat",
  location,
  kind: "Managed",
  identity: { type: "UserAssigned", userAssignedIdentities: [identityId("id-chat")] },
  properties: { authMode: "AADToken", ...properties },
  ...more,
});
export const endpointId = idOf(ml("OnlineEndpoint"), endpoint());

export const model = (version: string, properties: Inputs = {}): Inputs => ({
  ...inWorkspace,
  name: "chat_dev",
  version,
  properties: {
    modelUri: "azureml://datastores/workspaceblobstore/paths/chat",
    modelType: "custom_model",
    ...properties,
  },
});

export const environment: Inputs = {
  ...inWorkspace,
  name: "serve",
  version: "abc",
  properties: { image: "crmain.azurecr.io/serve@sha256:1" },
};

export const deployment = (name: string, properties: Inputs = {}, more: Inputs = {}): Inputs => ({
  ...inWorkspace,
  endpointName: "chat",
  deploymentName: name,
  location,
  sku: { name: "Default", capacity: 1 },
  properties: {
    endpointComputeType: "Managed",
    instanceType: "Standard_DS3_v2",
    model: idOf(ml("ModelVersion"), model("1")),
    environmentId: idOf(ml("EnvironmentVersion"), environment),
    ...properties,
  },
  ...more,
});
export const deploymentId = (name: string): string =>
  idOf(ml("OnlineDeployment"), deployment(name));

/** Everything below a workspace, without it. */
export function foundation(settings: SandboxSettings = {}): Caller {
  const caller = new Caller(settings);
  caller.make(native("resources:ResourceGroup"), { ...group, location });
  for (const name of ["id-ws", "id-chat"])
    caller.make(native("managedidentity:UserAssignedIdentity"), identity(name));
  caller.make(native("keyvault:Vault"), vault());
  caller.make(native("storage:StorageAccount"), storage());
  caller.make(native("containerregistry:Registry"), registry());
  caller.make(native("operationalinsights:Workspace"), logAnalytics());
  caller.make(native("applicationinsights:Component"), insights());
  return caller;
}

export const principalOf = (caller: Caller, name: string): string =>
  (caller.get(identityId(name))["properties"] as { principalId: string }).principalId;

export const workspaceRoles: readonly [Role, string][] = [
  ["Contributor", groupId],
  ["Storage Blob Data Contributor", idOf(native("storage:StorageAccount"), storage())],
  ["Storage File Data Privileged Contributor", idOf(native("storage:StorageAccount"), storage())],
  ["Key Vault Administrator", idOf(native("keyvault:Vault"), vault())],
  ["AcrPush", idOf(native("containerregistry:Registry"), registry())],
];

export const endpointRoles: readonly [Role, string][] = [
  ["AcrPull", idOf(native("containerregistry:Registry"), registry())],
  ["Storage Blob Data Reader", idOf(native("storage:StorageAccount"), storage())],
  ["Azure Machine Learning Workspace Connection Secrets Reader", workspaceId],
];

/** A workspace with its roles. */
export function withWorkspace(settings: SandboxSettings = {}, more: Inputs = {}): Caller {
  const caller = foundation(settings);
  for (const [role, scope] of workspaceRoles)
    caller.grant(role, principalOf(caller, "id-ws"), scope);
  const approver = "Azure AI Enterprise Network Connection Approver";
  if (more["managedNetwork"]) caller.grant(approver, principalOf(caller, "id-ws"), groupId);
  caller.make(ml("Workspace"), workspace(more));
  return caller;
}

/** An endpoint without deployments, and what they need. */
export function withEndpoint(settings: SandboxSettings = {}, more: Inputs = {}): Caller {
  const caller = withWorkspace(settings, more);
  for (const [role, scope] of endpointRoles)
    caller.grant(role, principalOf(caller, "id-chat"), scope);
  caller.make(ml("ModelVersion"), model("1"));
  caller.make(ml("EnvironmentVersion"), environment);
  caller.make(ml("OnlineEndpoint"), endpoint());
  return caller;
}

/** An endpoint with the deployments `blue` and `green`, without traffic. */
export function withArms(settings: SandboxSettings = {}): Caller {
  const caller = withEndpoint(settings);
  for (const name of ["blue", "green"]) caller.make(ml("OnlineDeployment"), deployment(name));
  return caller;
}
