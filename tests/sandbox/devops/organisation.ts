import { create, isRefusal, update, type Written } from "../../../packages/sandbox/devops/devops";
import { identities } from "../../../packages/sandbox/devops/identities";
import { type DevOpsSettings, emptyDevOps } from "../../../packages/sandbox/devops/state";
import { worldOf } from "../../../packages/sandbox/devops/world";
import type { World } from "../../../packages/sandbox/devops/type";
import type { Json } from "../../../packages/sandbox/paths";
import type { AzureState } from "../../../packages/sandbox/state";

/** An organisation for tests: a project with what most rules are about, and the Azure beside it. */

export const tenant = "00000000-0000-0000-0000-00000000000a";
export const client = "c0000000-0000-4000-8000-000000000001";
const principal = "d0000000-0000-4000-8000-000000000001";
const group = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg";
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deployer`;
export const vaultId = `${group}/providers/Microsoft.KeyVault/vaults/kv-flows`;

export const token = (kind: string) => `azuredevops:index/x:${kind}`;

export class Organisation {
  readonly azure: AzureState = { resources: {}, deleted: {}, operations: {}, writes: 0 };
  readonly world: World;
  readonly project: string;

  constructor(settings: DevOpsSettings = {}) {
    this.world = worldOf(emptyDevOps(), { state: this.azure, tenantId: tenant }, settings);
    this.putAzure("azure-native:managedidentity:UserAssignedIdentity", identity, {
      clientId: client,
      principalId: principal,
    });
    this.project = this.make("Project", { name: "genaiops" }).id;
  }

  putAzure(type: string, id: string, properties: Json): void {
    this.azure.resources[id.toLowerCase()] = { token: type, id, body: { id, properties } };
  }

  /** Creates, or fails the test with the refusal. */
  make(kind: string, inputs: Json): Written {
    const made = create(this.world, token(kind), inputs);
    if (isRefusal(made)) throw new Error(`${kind} was refused: ${made.message}`);
    return made;
  }

  /** The code and message with which a create is refused; undefined where it is not. */
  refusal(kind: string, inputs: Json): string | undefined {
    const made = create(this.world, token(kind), inputs);
    return isRefusal(made) ? `${made.code} ${made.message}` : undefined;
  }

  refusedUpdate(kind: string, id: string, inputs: Json): string | undefined {
    const made = update(this.world, token(kind), id, inputs);
    return isRefusal(made) ? `${made.code} ${made.message}` : undefined;
  }

  repository(name = "flows", initialization: Json = { initType: "Clean" }): Written {
    return this.make("Git", { name, projectId: this.project, initialization });
  }

  environment(name = "prod"): Written {
    return this.make("Environment", { name, projectId: this.project });
  }

  pipeline(name = "ci", repository = this.repository(`${name}-code`).id): Written {
    return this.make("BuildDefinition", this.pipelineInputs(name, repository));
  }

  pipelineInputs(name: string, repository: string): Json {
    return {
      name,
      path: "\\flows",
      projectId: this.project,
      repository: { repoId: repository, repoType: "TfsGit", ymlPath: "pipelines/ci.yml" },
    };
  }

  connectionInputs(name = "deploy"): Json {
    return {
      serviceEndpointName: name,
      projectId: this.project,
      serviceEndpointAuthenticationScheme: "WorkloadIdentityFederation",
      credentials: { serviceprincipalid: client },
      azurermSpnTenantid: tenant,
      azurermSubscriptionId: "11111111-1111-4111-8111-111111111111",
      azurermSubscriptionName: "flows",
    };
  }

  /** Lets Entra trust a connection, with what its outputs say or something else. */
  trust(connection: Written, subject = connection.outputs.workloadIdentityFederationSubject): void {
    this.putAzure(
      "azure-native:managedidentity:FederatedIdentityCredential",
      `${identity}/federatedIdentityCredentials/devops`,
      {
        issuer: connection.outputs.workloadIdentityFederationIssuer,
        subject,
        audiences: ["api://AzureADTokenExchange"],
      },
    );
  }

  /** A key vault with one secret, which the deployer may read or not. */
  vault(readable: boolean): void {
    this.putAzure("azure-native:keyvault:Vault", vaultId, { enableRbacAuthorization: true });
    this.putAzure("azure-native:keyvault:Secret", `${vaultId}/secrets/openai-key`, {});
    if (!readable) return;
    const assignment = `${vaultId}/providers/Microsoft.Authorization/roleAssignments/a`;
    this.putAzure("azure-native:authorization:RoleAssignment", assignment, {
      principalId: principal,
      roleDefinitionId: "/x/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
      scope: vaultId,
    });
  }

  linkedGroup(connection: Written, ...secrets: string[]): Json {
    return {
      name: "llmops_platform_dev_vg",
      projectId: this.project,
      keyVault: { name: "kv-flows", serviceEndpointId: connection.id },
      variables: secrets.map((name) => ({ name })),
    };
  }

  approval(target: string, more: Json = {}): Json {
    const approver = identities(this.world).find(({ kind }) => kind === "user")?.id;
    return {
      projectId: this.project,
      targetResourceId: target,
      targetResourceType: "environment",
      approvers: [approver],
      timeout: 60,
      ...more,
    };
  }

  policy(settings: Json, scope: Json = { repositoryRef: "refs/heads/main" }): Json {
    return { projectId: this.project, settings: { ...settings, scopes: [scope] } };
  }
}
