import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn, type ChildProcess } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { readEnvironment } from "../../config/read";
import type { ServerSettings } from "../../packages/sandbox/server";
import { workspaceOf } from "../register/support";
import { TestSandbox, type Resource } from "../sandbox/server/sandbox";

export const root = path.join(__dirname, "../..");
const ml = "azure-native:machinelearningservices";

/** Ids of the roles that the job's identity needs: components/access.ts, computeRoles. */
const roles = {
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Cognitive Services OpenAI User": "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
  "Azure Machine Learning Workspace Connection Secrets Reader":
    "ea01e6af-a1c1-4350-9563-ad00f8c72ec5",
};
export type JobRole = keyof typeof roles;

/** A repository with one flow and the settings of dev. */
export class Repository {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "genaiops-cloud-"));

  constructor(readonly flow: string) {
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml", "flows", "images", "schemas"]) {
      cpSync(path.join(root, file), path.join(this.folder, file), { recursive: true });
    }
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), "utf8");
  }

  edit(file: string, change: (text: string) => string): void {
    const whole = this.path("flows", this.flow, file);
    writeFileSync(whole, change(readFileSync(whole, "utf8")));
  }

  start(args: readonly string[], environment: Record<string, string>): ChildProcess {
    const bin = path.join(root, "packages/cli/bin/genaiops.js");
    return spawn(process.execPath, [bin, ...args, "--cwd", this.folder], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The Azure that the stack dev leaves, as far as an experiment needs it. */
export function stackResources(folder: string, without: readonly JobRole[] = []): Resource[] {
  const { id, resources } = workspaceOf(folder, "dev");
  const { subscriptionId, names } = readEnvironment({ root: folder, stack: "dev" });
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}/providers`;
  const identity = `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/${names.computeIdentity}`;
  const registry = `${group}/Microsoft.ContainerRegistry/registries/${names.containerRegistry}`;
  const openAI = `${group}/Microsoft.CognitiveServices/accounts/${names.openAI}`;
  const scopes: Record<JobRole, string> = {
    AcrPull: registry,
    "Storage Blob Data Contributor": `${group}/Microsoft.Storage/storageAccounts/${names.storage}`,
    "Cognitive Services OpenAI User": openAI,
    "Azure Machine Learning Workspace Connection Secrets Reader": id,
  };
  const granted = (Object.keys(roles) as JobRole[]).filter((role) => !without.includes(role));
  return [
    ...resources.map((resource) =>
      resource.id === id
        ? { ...resource, body: { ...resource.body, properties: { containerRegistry: registry } } }
        : resource,
    ),
    {
      id: identity,
      token: "azure-native:managedidentity:UserAssignedIdentity",
      body: { properties: { clientId: CLIENT_ID, principalId: PRINCIPAL_ID } },
    },
    {
      id: `${id}/computes/${names.compute}`,
      token: `${ml}:Compute`,
      body: { identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } } },
    },
    {
      id: `${id}/environments/promptflow/versions/one`,
      token: `${ml}:EnvironmentVersion`,
      body: { properties: { image: "example.azurecr.io/promptflow@sha256:0" } },
    },
    {
      id: `${id}/connections/aoai`,
      token: `${ml}:WorkspaceConnection`,
      body: {
        properties: {
          category: "AzureOpenAI",
          authType: "AAD",
          target: `https://${names.openAI}.openai.azure.com/`,
          metadata: { ApiType: "Azure", ApiVersion: "2024-10-21" },
        },
      },
    },
    {
      id: openAI,
      token: "azure-native:cognitiveservices:Account",
      body: { properties: { endpoint: `https://${names.openAI}.openai.azure.com/` } },
    },
    ...["gpt-4o", "gpt-4o-mini"].map((deployment) => ({
      id: `${openAI}/deployments/${deployment}`,
      token: "azure-native:cognitiveservices:Deployment",
      body: {},
    })),
    ...granted.map((role) => ({
      id: `${scopes[role]}/providers/Microsoft.Authorization/roleAssignments/${roles[role]}`,
      token: "azure-native:authorization:RoleAssignment",
      body: {
        properties: {
          scope: scopes[role],
          principalId: PRINCIPAL_ID,
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
        },
      },
    })),
  ];
}

export const CLIENT_ID = "cccccccc-0000-4000-8000-000000000001";
export const PRINCIPAL_ID = "cccccccc-0000-4000-8000-000000000002";

export function startAzure(
  resources: readonly Resource[],
  settings: ServerSettings = {},
): Promise<TestSandbox> {
  return TestSandbox.start(settings, resources);
}
