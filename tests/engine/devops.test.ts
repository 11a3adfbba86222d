import * as fs from "node:fs";
import * as path from "node:path";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import * as authorization from "@pulumi/azure-native/authorization";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as resources from "@pulumi/azure-native/resources";
import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import { subscription, TestSandbox } from "../sandbox/server/sandbox";

/** The simulated azuredevops beside the simulated azure-native, driven by the real engine. */

const canary = "canary-9b2d";
const secretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
const sourceUrl = "https://github.com/contoso/flows.git";
const settings = {
  devOps: {
    people: [{ mail: "lead@contoso.com", name: "Lead" }],
    imports: { [sourceUrl]: { main: { "README.md": "flows" } } },
  },
};
const wish = { timeout: 60 };

async function program(): Promise<Record<string, unknown>> {
  const { tenantId } = await authorization.getClientConfig();
  const group = new resources.ResourceGroup("rg", {
    resourceGroupName: "rg-one",
    location: "swedencentral",
  });
  const resourceGroupName = group.name;
  const identity = new managedidentity.UserAssignedIdentity("deployer", {
    resourceGroupName,
    resourceName: "id-deployer",
  });
  const vault = new keyvault.Vault("vault", {
    resourceGroupName,
    vaultName: "kv-flows-one",
    properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
  });
  const secret = new keyvault.Secret("key", {
    resourceGroupName,
    vaultName: vault.name,
    secretName: "openai-key",
    properties: { value: pulumi.secret(canary) },
  });
  const role = new authorization.RoleAssignment("reads-secrets", {
    roleAssignmentName: "8a0dd8a1-3d1c-4a9e-9d0a-6d3f5f6f0001",
    scope: vault.id,
    principalId: identity.principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${secretsUser}`,
  });

  const project = new azuredevops.Project("project", { name: "genaiops", visibility: "private" });
  const projectId = project.id;
  const repository = new azuredevops.Git("repository", {
    name: "flows",
    projectId,
    initialization: { initType: "Import", sourceType: "Git", sourceUrl },
  });
  const seed = new azuredevops.GitRepositoryFile("seed", {
    repositoryId: repository.id,
    branch: "refs/heads/main",
    file: "pipelines/ci.yml",
    content: "trigger: none",
  });
  const connection = new azuredevops.ServiceEndpointAzureRM("connection", {
    projectId,
    serviceEndpointName: "deploy-dev",
    serviceEndpointAuthenticationScheme: "WorkloadIdentityFederation",
    credentials: { serviceprincipalid: identity.clientId },
    azurermSpnTenantid: tenantId,
    azurermSubscriptionId: path.basename(subscription),
    azurermSubscriptionName: "flows",
    description: "Deploys to dev",
  });
  const trust = new managedidentity.FederatedIdentityCredential("trust", {
    resourceGroupName,
    resourceName: identity.name,
    federatedIdentityCredentialResourceName: "devops",
    issuer: connection.workloadIdentityFederationIssuer,
    subject: connection.workloadIdentityFederationSubject,
    audiences: ["api://AzureADTokenExchange"],
  });
  const linked = new azuredevops.VariableGroup(
    "linked",
    {
      name: "secrets-dev",
      projectId,
      keyVault: { name: vault.name, serviceEndpointId: connection.id },
      variables: [{ name: "openai-key" }],
    },
    { dependsOn: [secret, role, trust] },
  );
  new azuredevops.VariableGroup("plain", {
    name: "llmops_platform_dev_vg",
    projectId,
    variables: [
      { name: "rg_name", value: group.name },
      { name: "token", isSecret: true, secretValue: canary },
    ],
  });
  const environment = new azuredevops.Environment("environment", { name: "dev", projectId });
  const lead = azuredevops.getIdentityUsersOutput({ name: "lead@contoso.com" });
  const check = { projectId, targetResourceId: environment.id, targetResourceType: "environment" };
  new azuredevops.CheckApproval("approval", {
    ...check,
    approvers: [lead.id],
    timeout: wish.timeout,
  });
  new azuredevops.CheckExclusiveLock("lock", check);
  const pipeline = new azuredevops.BuildDefinition(
    "pipeline",
    {
      name: "ci",
      path: "\\flows",
      projectId,
      repository: { repoId: repository.id, repoType: "TfsGit", ymlPath: "pipelines/ci.yml" },
    },
    { dependsOn: [seed] },
  );
  const pipelineId = pipeline.id.apply(Number);
  new azuredevops.PipelineAuthorization("open", {
    projectId,
    pipelineId,
    type: "variablegroup",
    resourceId: linked.id,
  });
  new azuredevops.BranchPolicyBuildValidation(
    "validation",
    {
      projectId,
      settings: {
        buildDefinitionId: pipelineId,
        displayName: "ci",
        filenamePatterns: ["/flows/a/*"],
        scopes: [{ repositoryId: repository.id, repositoryRef: "refs/heads/main" }],
      },
    },
    { dependsOn: [seed] },
  );
  const ci = new azuredevops.ServicePrincipalEntitlement("ci", { originId: identity.principalId });
  new azuredevops.GitPermissions("reads", {
    projectId,
    repositoryId: repository.id,
    principal: ci.descriptor,
    permissions: { GenericRead: "Allow" },
  });
  return { subject: connection.workloadIdentityFederationSubject };
}

describe("a program with Azure DevOps on the real engine", () => {
  let azure: TestSandbox;
  let stack: Stack;

  async function run(verb: "preview" | "up" | "refresh"): Promise<string[]> {
    const events: EngineEvent[] = [];
    const onEvent = (event: EngineEvent) => void events.push(event);
    if (verb === "preview") await stack.preview({ onEvent });
    else await stack[verb]({ onEvent });
    return changes(events);
  }

  async function refusal(): Promise<string> {
    const events: EngineEvent[] = [];
    const failed = stack.up({ onEvent: (event) => void events.push(event) });
    await expect(failed).rejects.toThrow();
    return events.map(({ diagnosticEvent }) => diagnosticEvent?.message ?? "").join("");
  }

  beforeAll(async () => {
    azure = await TestSandbox.start(settings);
    const backend = path.join(azure.folder, "backend");
    fs.mkdirSync(backend);
    const providers = path.resolve(__dirname, "../../packages/sandbox/providers");
    stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName: "devops", program },
      {
        workDir: azure.folder,
        envVars: {
          ...azure.sandbox.environment,
          PATH: [providers, process.env.PATH].join(path.delimiter),
          PULUMI_BACKEND_URL: `file://${backend}`,
          PULUMI_CONFIG_PASSPHRASE: "passphrase",
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
      },
    );
    await stack.setAllConfig({
      "azure-native:subscriptionId": { value: path.basename(subscription) },
      "azuredevops:orgServiceUrl": { value: "https://dev.azure.com/sandbox" },
    });
  });

  afterAll(() => azure.close());

  test("previews with issuer and subject unknown, and ups what it previewed", async () => {
    const planned = await run("preview");
    expect(planned).toContain("create azuredevops:index/variableGroup:VariableGroup linked");
    expect((await run("up")).sort()).toEqual(planned.sort());
    expect((await stack.outputs()).subject?.value).toMatch(/^\/eid1\/c\/pub\/t\//);
  });

  test("has nothing to do when nothing changed, also after a refresh", async () => {
    expect(await run("up")).toEqual([]);
    expect(await run("refresh")).toEqual([]);
    expect(await run("up")).toEqual([]);
  });

  test("shows one changed number as one change", async () => {
    wish.timeout = 30;
    expect(await run("up")).toEqual([
      "update azuredevops:index/checkApproval:CheckApproval approval timeout",
    ]);
  });

  test("keeps secrets out of every file, of the engine and of the sandbox", () => {
    const files = fs.readdirSync(azure.folder, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
    expect(texts.some((text) => text.includes("llmops_platform_dev_vg"))).toBe(true);
    expect(texts.filter((text) => text.includes(canary))).toEqual([]);
  });

  test("destroys all of it, and then finds the project's name taken", async () => {
    await stack.destroy();
    expect((await stack.exportStack()).deployment.resources ?? []).toEqual([]);
    expect(await refusal()).toContain("TF200019");
  });
});

/** `update <type> <name> <property>…`, without what stays as it is. */
function changes(events: readonly EngineEvent[]): string[] {
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(
      ({ op, type }) => !["same", "refresh", "read"].includes(op) && !type.startsWith("pulumi:"),
    )
    .map(({ op, type, urn, detailedDiff }) =>
      [op, type, urn.split("::").at(-1), ...Object.keys(detailedDiff ?? {})].join(" "),
    );
}
