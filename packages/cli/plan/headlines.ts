import { resourceTokens } from "../../provider/tokens";
import { isObject, type PlannedResource, type Value, type Values } from "./model";
import { inline } from "./short";

/** A path into the inputs, or a sentence about them; what is absent is left out. */
type Headline = string | ((inputs: Values) => string | false | undefined);

const azure = "azure-native";

/** The few inputs of each type that a reader of a plan asks for, in reading order. */
const headlines: Readonly<Record<string, readonly Headline[]>> = {
  [`${azure}:resources:ResourceGroup`]: ["resourceGroupName", "location"],
  [`${azure}:storage:StorageAccount`]: [
    "accountName",
    "sku.name",
    ({ allowSharedKeyAccess }) => allowSharedKeyAccess === false && "shared keys off",
    publicAccess,
  ],
  [`${azure}:keyvault:Vault`]: [
    "vaultName",
    (inputs) =>
      at(inputs, "properties.enableRbacAuthorization") ? "by roles" : "by access policies",
    (inputs) => at(inputs, "properties.enablePurgeProtection") === true && "purge protection",
    publicAccess,
  ],
  [`${azure}:containerregistry:Registry`]: [
    "registryName",
    "sku.name",
    ({ adminUserEnabled }) => adminUserEnabled === false && "admin off",
    publicAccess,
  ],
  [`${azure}:operationalinsights:Workspace`]: [
    "workspaceName",
    ({ retentionInDays }) => retentionInDays !== undefined && `${inline(retentionInDays)} days`,
  ],
  [`${azure}:applicationinsights:Component`]: ["resourceName"],
  [`${azure}:machinelearningservices:Workspace`]: [
    "workspaceName",
    (inputs) => `network ${inline(at(inputs, "managedNetwork.isolationMode") ?? "Disabled")}`,
    publicAccess,
  ],
  [`${azure}:machinelearningservices:Registry`]: ["registryName"],
  [`${azure}:machinelearningservices:Compute`]: [
    "computeName",
    "properties.properties.vmSize",
    (inputs) => {
      const nodes = at(inputs, "properties.properties.scaleSettings");
      return (
        isObject(nodes) &&
        `${inline(nodes["minNodeCount"])} to ${inline(nodes["maxNodeCount"])} nodes`
      );
    },
  ],
  [`${azure}:machinelearningservices:WorkspaceConnection`]: [
    "connectionName",
    "properties.category",
    "properties.authType",
    "properties.target",
  ],
  [`${azure}:machinelearningservices:OnlineEndpoint`]: [
    "endpointName",
    "properties.authMode",
    // Of a Kubernetes endpoint the cluster's network decides, whatever the property says.
    (inputs) => inputs["kind"] !== "Kubernetes" && publicAccess(inputs),
  ],
  [`${azure}:web:AppServicePlan`]: [
    "name",
    ({ sku }) => isObject(sku) && `${inline(sku["capacity"])} × ${inline(sku["name"])}`,
  ],
  [`${azure}:web:WebApp`]: ["name", publicAccess],
  [`${azure}:web:WebAppAuthSettingsV2`]: [tokensOf],
  [`${azure}:web:WebAppAuthSettingsV2Slot`]: [tokensOf],
  ...Object.fromEntries(
    ["WebAppFtpAllowed", "WebAppScmAllowed", "WebAppFtpAllowedSlot", "WebAppScmAllowedSlot"].map(
      (type) => [
        `${azure}:web:${type}`,
        [({ allow }: Values) => `publishing with a password ${allow === false ? "off" : "on"}`],
      ],
    ),
  ),
  [`${azure}:cognitiveservices:Account`]: ["accountName", "kind", publicAccess],
  [`${azure}:cognitiveservices:Deployment`]: [
    "properties.model.name",
    "properties.model.version",
    "sku.name",
    ({ sku }) => isObject(sku) && `${inline(sku["capacity"])}k tokens a minute`,
  ],
  [`${azure}:managedidentity:UserAssignedIdentity`]: ["resourceName"],
  [`${azure}:authorization:ManagementLockByScope`]: ["level"],
  [`${azure}:monitor:DiagnosticSetting`]: [
    ({ logs }) =>
      Array.isArray(logs) &&
      logs.map((log) => isObject(log) && (log["categoryGroup"] ?? log["category"])).join(", "),
  ],
  [resourceTokens.importedImage]: [
    ({ repository, digest }) =>
      String(digest).startsWith("sha256:") &&
      `${inline(repository)}@${String(digest).slice(0, 19)}…`,
    ({ source }) => `from ${inline(source).replace(/^.*\//, "")}`,
  ],
  "docker:index/image:Image": [
    "imageName",
    ({ build }) => isObject(build) && `from ${inline(build["context"])}`,
  ],
  [resourceTokens.assetVersion]: ["kind", "name", ({ hash }) => `content ${shortHash(hash)}`],
  [resourceTokens.blobFolder]: [
    ({ source }) => source !== undefined && `from ${inline(source)}`,
    ({ files }) => isObject(files) && `${Object.keys(files).length} files`,
    ({ hash }) => `content ${shortHash(hash)}`,
  ],
  [resourceTokens.endpointSettings]: [
    "authMode",
    ({ weights }) =>
      isObject(weights) &&
      Object.entries(weights)
        .map(([arm, weight]) => `${arm} ${inline(weight)}`)
        .join(", "),
  ],
};

/** What to say of a resource beside its name. */
export function headline({ type, inputs, read, id }: PlannedResource): string[] {
  if (read) return ["exists, is only read", inline(id)];
  return (headlines[type] ?? [ownName]).flatMap((entry) => {
    const said = typeof entry === "string" ? at(inputs, entry) : entry(inputs);
    return said === undefined || said === false || said === "" ? [] : [inline(said)];
  });
}

/** A hash as people compare them; a reference as it is. */
export function shortHash(hash: Value | undefined): string {
  return typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash) ? hash.slice(0, 12) : inline(hash);
}

export function at(inputs: Values, path: string): Value | undefined {
  let value: Value | undefined = inputs;
  for (const step of path.split(".")) value = isObject(value) ? value[step] : undefined;
  return value;
}

function tokensOf(inputs: Values): string {
  const path = "identityProviders.azureActiveDirectory.registration.clientId";
  return `tokens of ${inline(at(inputs, path))}`;
}

function publicAccess(inputs: Values): string | false {
  const access =
    at(inputs, "publicNetworkAccess") ??
    at(inputs, "properties.publicNetworkAccess") ??
    at(inputs, "publicNetworkAccessForIngestion");
  return (
    typeof access === "string" &&
    `public access ${access.toLowerCase() === "enabled" ? "on" : "off"}`
  );
}

/** Types that are not in the table: the input that names them. */
function ownName(inputs: Values): string | undefined {
  const key = Object.keys(inputs).find(
    (name) => /^name$|Name$/.test(name) && name !== "resourceGroupName",
  );
  return key === undefined ? undefined : inline(inputs[key]);
}
