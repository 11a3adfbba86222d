import { parentId } from "../ids";
import { isRecord, same, valueAt } from "../paths";
import { missingRoles, userIdentities } from "./roles";
import { refuse, type Rule } from "./rule";

/** DOC/how-to-access-resources-from-endpoints-managed-identities.md: the identity cannot change after creation. */
const identityFixed: Rule = ({ before, body }) =>
  before && !same(identityOf(before), identityOf(body))
    ? refuse(
        400,
        "BadRequest",
        "The identity of an endpoint cannot be changed after it was created.",
      )
    : undefined;

function identityOf(body: unknown): unknown {
  const users = valueAt(body, "identity.userAssignedIdentities");
  return {
    type: String(valueAt(body, "identity.type")).toLowerCase(),
    users: Object.keys(isRecord(users) ? users : {})
      .map((id) => id.toLowerCase())
      .sort(),
  };
}

/**
 * A user-assigned identity gets no role by itself and must hold these before the endpoint is created:
 * DOC/concept-endpoints-online-auth.md, DOC/prompt-flow/how-to-deploy-to-code.md
 */
const rolesFirst: Rule = (facts) => {
  const { id, before, find } = facts;
  const [user] = userIdentities(facts);
  if (before || !user) return undefined;
  const workspace = find(parentId(id));
  const missing = missingRoles(facts, user.principalId, [
    { roles: ["AcrPull", "AcrPush"], on: valueAt(workspace?.body, "properties.containerRegistry") },
    {
      roles: [
        "Storage Blob Data Reader",
        "Storage Blob Data Contributor",
        "Storage Blob Data Owner",
      ],
      on: valueAt(workspace?.body, "properties.storageAccount"),
    },
    { roles: ["Azure Machine Learning Workspace Connection Secrets Reader"], on: parentId(id) },
  ]);
  return missing.length > 0
    ? refuse(
        400,
        "BadRequest",
        `The identity '${user.id}' lacks roles that the endpoint needs before it is created: ${missing.join("; ")}.`,
      )
    : undefined;
};

export const endpointIdentityRules: readonly Rule[] = [identityFixed, rolesFirst];
