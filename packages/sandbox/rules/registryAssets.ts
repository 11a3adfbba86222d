import type { Facts } from "../facts";
import { guid, key, parentId } from "../ids";
import { valueAt } from "../paths";
import type { StoredResource } from "../state";
import { authorized } from "./authorization";
import { userIdentities, holds, type Role } from "./roles";
import { refuse, type Action, type Rule } from "./rule";

/** Assets of a shared registry: DOC/how-to-share-models-pipelines-across-workspaces-with-registries.md */

const registryToken = "azure-native:machinelearningservices:Registry";

/** Who may create assets, beside Owner and Contributor: DOC/how-to-assign-roles.md */
export const registryWriters: readonly Role[] = ["AzureML Registry User"];

/** registries/assets/read: DOC/how-to-manage-registries.md, "Access control to assets in registry" */
const readers: readonly Role[] = ["Reader", "AzureML Registry User", "Contributor", "Owner"];

/** Above a version stand its container, the collection's registry. */
const registryOf = ({ id, find }: Facts): StoredResource | undefined =>
  find(parentId(parentId(id)));

/** Account and container that one version is uploaded to: each upload has its own (PendingUploadResponseDto). */
function uploadPlace(registryId: string, versionId: string) {
  return {
    account: `mlr${guid(registryId, "storage").replace(/-/g, "").slice(0, 16)}`,
    container: `upload-${guid(versionId, "upload")}`,
  };
}

/** The signature that a client of the upload shows. */
export const uploadSignature = (registryId: string, container: string): string =>
  guid(registryId, container, "signature");

/** The registry whose own account this is. */
export function registryWithAccount(
  registries: readonly StoredResource[],
  account: string,
): StoredResource | undefined {
  return registries.find(({ token, id }) => {
    return token === registryToken && uploadPlace(id, "").account === account;
  });
}

const addressOf = (facts: Facts, registryId: string): string => {
  const { account, container } = uploadPlace(registryId, facts.id);
  return `${facts.blobEndpoint(account)}/${container}`;
};

/**
 * RegistryModelVersions_CreateOrGetStartPendingUpload: a place to upload to, before the version exists. Asked
 * again, it names the same place.
 */
export const startPendingUpload: Action = (facts) => {
  const { id, sent, find } = facts;
  const registry = registryOf(facts);
  if (!registry) {
    return refuse(404, "ResourceNotFound", `The registry of '${id}' could not be found.`);
  }
  const refused = authorized(registryWriters)(facts);
  if (refused) return refused;
  if (find(id))
    return refuse(409, "Conflict", `Version '${id}' exists; nothing is uploaded to it.`);
  const type = valueAt(sent, "pendingUploadType");
  if (type !== "TemporaryBlobReference") {
    return refuse(400, "UserError", "pendingUploadType must be TemporaryBlobReference.");
  }
  const { container } = uploadPlace(registry.id, id);
  const blobUri = addressOf(facts, registry.id);
  const signature = uploadSignature(registry.id, container);
  return {
    status: 200,
    body: {
      pendingUploadId: guid(id, "pending"),
      pendingUploadType: type,
      blobReferenceForConsumption: {
        blobUri,
        storageAccountArmId: `${registry.id}/storage`,
        credential: {
          credentialType: "SAS",
          sasUri: `${blobUri}?sv=2025-11-05&sr=c&sp=racwl&sig=${signature}`,
        },
      },
    },
  };
};

/**
 * A model comes into a registry from local files, by an upload, or by sharing; a path in a datastore means
 * nothing outside of its workspace.
 */
const uploaded: Rule = (facts) => {
  const { body, before } = facts;
  const uri = String(valueAt(body, "properties.modelUri") ?? "");
  if (before) return undefined;
  const registry = registryOf(facts);
  if (/\/datastores\//i.test(uri)) {
    return refuse(
      400,
      "UserError",
      `A registry takes no path in a workspace's datastore ('${uri}'): upload the files by startPendingUpload, or share the model from its workspace.`,
    );
  }
  return registry &&
    (uri === addressOf(facts, registry.id) || uri.startsWith(`${addressOf(facts, registry.id)}/`))
    ? undefined
    : refuse(
        400,
        "UserError",
        `modelUri '${uri}' is not where startPendingUpload let the files of this version be sent.`,
      );
};

export const registryModelRules: readonly Rule[] = [uploaded];

/** DOC/how-to-registry-network-isolation.md: "Creating an environment asset isn't supported in a private registry" */
const openRegistry: Rule = (facts) =>
  valueAt(registryOf(facts)?.body, "properties.publicNetworkAccess") === "Disabled"
    ? refuse(
        400,
        "UserError",
        "An environment cannot be created in a registry without public access; create it in a workspace and share it.",
      )
    : undefined;

/** DOC/reference-yaml-environment.md: an image, or a context to build one from. */
const imageOrBuild: Rule = ({ body }) =>
  valueAt(body, "properties.image") === undefined && valueAt(body, "properties.build") === undefined
    ? refuse(400, "UserError", "An environment needs image or build.")
    : undefined;

export const registryEnvironmentRules: readonly Rule[] = [openRegistry, imageOrBuild];

const assetUri =
  /^azureml:\/\/registries\/([^/]+)\/((?:models|environments)\/[^/]+\/versions\/[^/]+)$/i;

/** The stored asset that a deployment names: an ARM id, or `azureml://registries/…`. */
export function assetOf({ find, all }: Pick<Facts, "find" | "all">, reference: unknown) {
  const [, name = "", rest = ""] = assetUri.exec(String(reference)) ?? [];
  if (name === "") return find(reference);
  const registry = all(registryToken).find(({ id }) => key(id).endsWith(`/${name.toLowerCase()}`));
  return registry && find(`${registry.id}/${rest}`);
}

/**
 * A deployment takes a model of a registry that reaches its region and that its endpoint's identity may read:
 * DOC/how-to-share-models-pipelines-across-workspaces-with-registries.md, DOC/how-to-manage-registries.md
 */
export const registryModel: Rule = (facts) => {
  const reference = String(valueAt(facts.body, "properties.model"));
  if (!reference.startsWith("azureml://registries/")) return undefined;
  const model = assetOf(facts, reference);
  const registry = model && facts.find(parentId(parentId(model.id)));
  if (!registry) return refuse(400, "BadRequest", `The model '${reference}' does not exist.`);
  const regions = valueAt(registry.body, "properties.regionDetails");
  const names = (Array.isArray(regions) ? regions : []).map((region) =>
    String(valueAt(region, "location")),
  );
  if (!names.includes(facts.location)) {
    return refuse(
      400,
      "BadRequest",
      `The registry '${registry.id}' does not reach ${facts.location}, only ${names.join(", ")}.`,
    );
  }
  const endpoint = facts.find(parentId(facts.id));
  const [user] = userIdentities({ ...facts, body: endpoint?.body ?? {} });
  if (!user || holds(facts, user.principalId, readers, registry.id)) return undefined;
  return refuse(
    400,
    "BadRequest",
    `The endpoint's identity '${user.id}' may not read the registry: it needs Reader on ${registry.id}.`,
  );
};
