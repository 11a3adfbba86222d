import { covers, lastName } from "../ids";
import { valueAt } from "../paths";
import { holds } from "../rules/roles";
import { findIdentity } from "../server/principals";
import type { AzureState } from "../state";

/** What Azure DevOps sees of Azure: sign-in, and the secrets of a vault. */
export interface AzureView {
  readonly tenantId: string;
  /** Whether Entra takes a token of this issuer and subject for the client id; the reason if not. */
  signIn(clientId: string, issuer: string, subject: string): string | undefined;
  /** Whether an object id is a principal of the tenant. */
  principalExists(objectId: string): boolean;
  /** Names of the vault's secrets as the client reads them, or why it cannot. */
  secrets(clientId: string, vault: string): readonly string[] | { readonly refused: string };
}

/**
 * The view on a simulated Azure; vault roles: learn.microsoft.com/azure/key-vault/general/rbac-guide. `principals` are
 * those that are no resource.
 */
export function viewAzure(
  azure: AzureState,
  tenantId: string,
  principals: readonly string[] = [],
): AzureView {
  const all = (token: string) =>
    Object.values(azure.resources).filter((stored) => stored.token === token);
  return {
    tenantId,
    signIn(clientId, issuer, subject) {
      const identity = findIdentity(azure, clientId);
      if (!identity) return `AADSTS700016: no application ${clientId} in the tenant`;
      const trusted = identity.federated.some(
        (credential) => credential.issuer === issuer && credential.subject === subject,
      );
      return trusted
        ? undefined
        : `AADSTS700213: no federated identity credential of ${clientId} matches issuer ${issuer} and subject ${subject}`;
    },
    principalExists: (objectId) =>
      principals.includes(objectId) ||
      Object.values(azure.resources).some(
        ({ body }) =>
          valueAt(body, "identity.principalId") === objectId ||
          valueAt(body, "properties.principalId") === objectId,
      ),
    secrets(clientId, vault) {
      const found = all("azure-native:keyvault:Vault").find(({ id }) => lastName(id) === vault);
      if (!found) return { refused: `there is no key vault ${vault}` };
      const objectId = findIdentity(azure, clientId)?.objectId ?? "";
      const roles = ["Key Vault Secrets User", "Key Vault Administrator"] as const;
      const allowed =
        holds({ all }, objectId, roles, found.id) ||
        listsByPolicy(valueAt(found.body, "properties.accessPolicies"), objectId);
      if (!allowed) {
        return { refused: `${clientId} may not get and list the secrets of key vault ${vault}` };
      }
      return all("azure-native:keyvault:Secret")
        .filter(({ id }) => covers(found.id, id))
        .map(({ id }) => lastName(id));
    },
  };
}

function listsByPolicy(policies: unknown, objectId: string): boolean {
  return (
    Array.isArray(policies) &&
    policies.some((policy) => {
      const may = valueAt(policy, "permissions.secrets");
      const names = Array.isArray(may) ? may.map((one) => String(one).toLowerCase()) : [];
      return (
        valueAt(policy, "objectId") === objectId && names.includes("get") && names.includes("list")
      );
    })
  );
}
