import { declare } from "../../support/declared";
import { joiner, owner, withDevOps } from "./settings";

const endpoint = "azuredevops:index/serviceEndpointAzureRM:ServiceEndpointAzureRM";
const trust = "azure-native:managedidentity:FederatedIdentityCredential";
const role = "azure-native:authorization:RoleAssignment";
const subscription = "11111111-1111-4111-8111-111111111111";
const tenant = "22222222-2222-4222-8222-222222222222";

const roleIds: Record<string, string> = {
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "12338af0-0e69-4776-bea7-57ae8d297424": "Key Vault Crypto User",
};

test("the deployer's connection is federated, and its identity trusts what the connection says", async () => {
  const { one } = await declare(withDevOps(owner));
  expect(one(endpoint, "devops-connection").inputs).toEqual({
    projectId: "<devops-project.id>",
    serviceEndpointName: "genaiops-dev-deploy",
    description: "Deploys the environment dev",
    serviceEndpointAuthenticationScheme: "WorkloadIdentityFederation",
    credentials: { serviceprincipalid: "<deployer.clientId>" },
    azurermSpnTenantid: tenant,
    azurermSubscriptionId: subscription,
    azurermSubscriptionName: subscription,
    features: { validate: false },
  });
  expect(one(trust, "devops-connection.trust").inputs).toEqual({
    resourceGroupName: "<resource-group.name>",
    resourceName: "<deployer.name>",
    federatedIdentityCredentialResourceName: "azure-devops",
    issuer: "<devops-connection.workloadIdentityFederationIssuer>",
    subject: "<devops-connection.workloadIdentityFederationSubject>",
    audiences: ["api://AzureADTokenExchange"],
  });
});

test("pull requests have an identity and a connection of their own, which only read", async () => {
  const state = { resourceGroup: "rg-state", storageAccount: "ststate", keyVault: "kv-state" };
  const { one, all } = await declare(withDevOps({ ...owner, state }));
  expect(one(endpoint, "devops-pull-request-connection").inputs).toMatchObject({
    serviceEndpointName: "genaiops-dev-pull-request",
    serviceEndpointAuthenticationScheme: "WorkloadIdentityFederation",
    credentials: { serviceprincipalid: "<pull-request-identity.clientId>" },
  });
  expect(one(trust, "devops-pull-request-connection.trust").inputs).toMatchObject({
    resourceName: "<pull-request-identity.name>",
    issuer: "<devops-pull-request-connection.workloadIdentityFederationIssuer>",
    subject: "<devops-pull-request-connection.workloadIdentityFederationSubject>",
  });
  const held = (principal: string) =>
    all(role)
      .filter(({ inputs }) => inputs.principalId === `<${principal}.principalId>`)
      .map(({ inputs }) => [
        roleIds[String(inputs.roleDefinitionId).split("/").at(-1) ?? ""],
        String(inputs.scope).split("/").at(-1),
      ]);
  expect(held("pull-request-identity")).toEqual([
    ["Reader", "<pull-request-identity.id>"],
    ["Storage Blob Data Reader", "ststate"],
  ]);
  expect(held("deployer")).toEqual(
    expect.arrayContaining([
      ["Storage Blob Data Contributor", "ststate"],
      ["Key Vault Crypto User", "kv-state"],
    ]),
  );
});

test("a deployer that exists signs in by federation, which somebody else makes it trust", async () => {
  const clientId = "55555555-5555-4555-8555-555555555555";
  const deployer = { mode: "existing", principalId: "44444444-4444-4444-8444-444444444444" };
  const { one, all, outputs } = await declare(
    withDevOps({ ...joiner, connection: { clientId } }, { deployer }),
  );
  expect(one(endpoint, "devops-connection").inputs.credentials).toEqual({
    serviceprincipalid: clientId,
  });
  expect(all(trust).map(({ name }) => name)).toEqual(["devops-pull-request-connection.trust"]);
  expect(outputs.devOps).toMatchObject({
    issuer: "<devops-connection.workloadIdentityFederationIssuer>",
    subject: "<devops-connection.workloadIdentityFederationSubject>",
  });
});

test("its password, where there is one, is a secret", async () => {
  const connection = { clientId: "55555555-5555-4555-8555-555555555555", secret: "deployer" };
  const deployer = { mode: "existing", principalId: "44444444-4444-4444-8444-444444444444" };
  const { one } = await declare(
    withDevOps({ ...joiner, connection }, { deployer, secrets: { deployer: "[secret]" } }),
    { secrets: { deployer: "canary-4711" } },
  );
  const { inputs } = one(endpoint, "devops-connection");
  expect(inputs.serviceEndpointAuthenticationScheme).toBe("ServicePrincipal");
  // The signature of a secret over the wire.
  expect(inputs.credentials).toEqual({
    serviceprincipalid: connection.clientId,
    serviceprincipalkey: {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "canary-4711",
    },
  });
});
