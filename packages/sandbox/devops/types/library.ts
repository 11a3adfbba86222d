import { z } from "zod";
import { refuse } from "../../rules/rule";
import { anyText, flag, positive, text, uuid } from "../inputs";
import { signInOf } from "../signIn";
import type { Rule, Types } from "../type";

/** learn.microsoft.com/azure/devops/pipelines/library/variable-groups and link-variable-groups-to-key-vaults. */

interface Variable {
  readonly name: string;
  readonly isSecret?: boolean;
  readonly secretValue?: string;
  readonly value?: string;
}

/** The provider's create, resource_variable_group: three shapes, and none between them. */
const shapes: Rule = ({ inputs }) => {
  const linked = inputs.keyVault !== undefined;
  for (const variable of inputs.variables as Variable[]) {
    const { name, isSecret, secretValue, value } = variable;
    const problem = linked
      ? Object.keys(variable).length > 1 &&
        "takes nothing but its name: the value comes from the vault"
      : isSecret === false
        ? "says isSecret: false; leave isSecret out of a plain variable"
        : isSecret && value !== undefined
          ? "is secret: give secretValue, not value"
          : !isSecret && secretValue !== undefined
            ? "has a secretValue: set isSecret"
            : false;
    if (problem) return refuse(400, "VariableGroup", `variable ${name} ${problem}`);
  }
  return undefined;
};

const noTwins: Rule = ({ inputs }) => {
  const names = (inputs.variables as Variable[]).map(({ name }) => name.toLowerCase());
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  return twin === undefined
    ? undefined
    : refuse(400, "VariableGroup", `variable ${twin} stands there twice`);
};

/** Create looks the secrets up through the connection. */
const vaultIsReadable: Rule = ({ world, inputs, find }) => {
  const vault = inputs.keyVault as { name: string; serviceEndpointId: string } | undefined;
  const connection = vault && find("ServiceEndpointAzureRM", vault.serviceEndpointId);
  if (!vault || !connection) return undefined;
  const refused = signInOf(world, connection);
  if (refused !== undefined)
    return refuse(400, "KeyVault", `key vault ${vault.name} cannot be read: ${refused}`);
  const client = (connection.properties.credentials as { serviceprincipalid: string })
    .serviceprincipalid;
  const secrets = world.azure.secrets(client, vault.name);
  if ("refused" in secrets) return refuse(400, "KeyVault", secrets.refused);
  const missing = (inputs.variables as Variable[])
    .map(({ name }) => name)
    .filter((name) => !secrets.includes(name));
  return missing.length === 0
    ? undefined
    : refuse(
        400,
        "KeyVault",
        `key vault ${vault.name} has no secret ${missing.join(", ")}; create it first`,
      );
};

export const libraryTypes: Types = {
  VariableGroup: {
    inputs: z.strictObject({
      allowAccess: flag.default(false),
      description: anyText.optional(),
      keyVault: z
        .strictObject({ name: text, searchDepth: positive.default(20), serviceEndpointId: uuid })
        .optional(),
      name: text,
      projectId: uuid,
      variables: z
        .array(
          z.strictObject({
            contentType: anyText.optional(),
            enabled: flag.optional(),
            expires: anyText.optional(),
            isSecret: flag.optional(),
            name: text,
            secretValue: anyText.optional(),
            value: anyText.optional(),
          }),
        )
        .min(1),
    }),
    replaces: ["projectId"],
    id: "number",
    unique: ["projectId"],
    secrets: ["variables.*.secretValue"],
    references: { projectId: "Project", "keyVault.serviceEndpointId": "ServiceEndpointAzureRM" },
    writeRules: [shapes, noTwins, vaultIsReadable],
  },
};
