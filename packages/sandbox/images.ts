import type { Facts } from "./facts";
import { key } from "./ids";
import { isRecord, valueAt } from "./paths";
import { holds, type Role } from "./rules/roles";
import { refuse, type Action, type Refusal } from "./rules/rule";
import type { AzureState, StoredResource } from "./state";

/**
 * What container registries hold: which digest stands under each tag. Layers and manifests are not simulated;
 * the daemon that builds and pushes is (providers/docker.ts).
 */

const registryToken = "azure-native:containerregistry:Registry";

interface Reference {
  readonly server: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Parts of `<server>/<repository>[:<tag>][@sha256:<digest>]`; undefined for another text. */
export function parseReference(text: unknown): Reference | undefined {
  const parts = /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(String(text));
  if (!parts) return undefined;
  const [, server = "", repository = "", tag, digest] = parts;
  return { server: server.toLowerCase(), repository, tag, digest };
}

/** The container registry of the model that answers at a host name. */
export function registryAt(
  { all }: { all(token: string): readonly StoredResource[] },
  server: string,
): StoredResource | undefined {
  return all(registryToken).find(
    ({ body }) => valueAt(body, "properties.loginServer") === server.toLowerCase(),
  );
}

/** Note what a daemon has pushed; a refusal where no registry answers at that host. */
export function push(
  state: AzureState,
  reference: Reference & { readonly tag: string; readonly digest: string },
): Refusal | undefined {
  const all = (token: string) =>
    Object.values(state.resources).filter((resource) => resource.token === token);
  const { server, repository, tag, digest } = reference;
  const registry = registryAt({ all }, server);
  if (!registry) {
    return refuse(404, "NAME_UNKNOWN", `no such host: ${server} is no registry of this Azure`);
  }
  const images = imagesOf(state, registry.id);
  (images[repository] ??= {})[tag] = digest;
  state.builds = [...(state.builds ?? []), `${server}/${repository}:${tag}`];
  return undefined;
}

/** Whether a repository of the registry holds the digest. */
export function hasImage(
  images: AzureState["images"],
  registryId: string,
  repository: string,
  digest: string,
): boolean {
  return Object.values(images?.[key(registryId)]?.[repository] ?? {}).includes(digest);
}

function imagesOf(state: AzureState, registryId: string): Record<string, Record<string, string>> {
  return ((state.images ??= {})[key(registryId)] ??= {});
}

const mayImport: readonly Role[] = [
  "Owner",
  "Contributor",
  "Container Registry Data Importer and Data Reader",
];
/** Pulling is no reading of the registry: github.com/Azure/acr/issues/237 */
const mayRead: readonly Role[] = [...mayImport, "Reader"];

/**
 * Registries - Import Image: copies by digest from another registry of the tenant. The caller imports into the
 * one and reads the other (learn.microsoft.com/azure/container-registry/container-registry-import-images).
 */
export const importImage: Action = (facts) => {
  const { id, sent, find, state } = facts;
  const source = find(valueAt(sent, "source.resourceId"));
  const wanted = parseReference(`source/${String(valueAt(sent, "source.sourceImage"))}`);
  if (!source || source.token !== registryToken) {
    return refuse(
      400,
      "InvalidParameters",
      `The source registry '${String(valueAt(sent, "source.resourceId"))}' could not be found.`,
    );
  }
  const refused = unauthorized(facts, source) ?? kept(source, find(id));
  if (refused) return refused;
  const digest =
    wanted?.digest ??
    state.images?.[key(source.id)]?.[wanted?.repository ?? ""]?.[wanted?.tag ?? ""];
  if (!wanted || digest === undefined) return noManifest(source, sent);
  if (!hasImage(state.images, source.id, wanted.repository, digest)) {
    return noManifest(source, sent);
  }
  const targets = valueAt(sent, "targetTags");
  const images = imagesOf(state, id);
  for (const target of Array.isArray(targets) ? targets.map(String) : []) {
    const { repository = "", tag = "latest" } = parseReference(`target/${target}`) ?? {};
    const standing = images[repository]?.[tag];
    // NoForce is the default mode, and refuses a tag that stands: RegistryImportImage, ImportMode.
    if (standing !== undefined && valueAt(sent, "mode") !== "Force") {
      return refuse(409, "Conflict", `Tag ${target} already exists in target registry.`);
    }
    (images[repository] ??= {})[tag] = digest;
  }
  return { status: 200 };
};

function unauthorized(facts: Facts, source: StoredResource): Refusal | undefined {
  const { id, principal, identityExists } = facts;
  if (principal === undefined || !identityExists(principal)) return undefined;
  const action = "Microsoft.ContainerRegistry/registries/importImage/action";
  if (!holds(facts, principal, mayImport, id)) {
    return refuse(
      403,
      "AuthorizationFailed",
      `The client with object id '${principal}' does not have permission to perform action '${action}' over scope '${id}'; it needs one of ${mayImport.join(", ")} there or above.`,
    );
  }
  return holds(facts, principal, mayRead, source.id)
    ? undefined
    : refuse(
        403,
        "LinkedAuthorizationFailed",
        `The client with object id '${principal}' has permission to perform action '${action}' on scope '${id}'; however, it does not have permission to perform action 'read' on the linked scope(s) '${source.id}': it needs one of ${mayRead.join(", ")} there or above.`,
      );
}

/**
 * What a registry's network and policies keep from being copied: container-registry-import-images, "allow access
 * by trusted services", and data-loss-prevention.
 */
function kept(source: StoredResource, target: StoredResource | undefined): Refusal | undefined {
  if (valueAt(source.body, "properties.policies.exportPolicy.status") === "disabled") {
    return refuse(
      403,
      "Forbidden",
      `The registry '${source.id}' exports nothing: its exportPolicy is disabled, which no import into another registry passes.`,
    );
  }
  const shut = [source, target].find(
    (registry) =>
      valueAt(registry?.body, "properties.networkRuleBypassOptions") === "None" &&
      (valueAt(registry?.body, "properties.publicNetworkAccess") === "Disabled" ||
        valueAt(registry?.body, "properties.networkRuleSet.defaultAction") === "Deny"),
  );
  return (
    shut &&
    refuse(
      403,
      "Forbidden",
      `The registry '${shut.id}' is closed and lets no trusted service pass: networkRuleBypassOptions is None.`,
    )
  );
}

function noManifest(source: StoredResource, sent: unknown): Refusal {
  const image = isRecord(sent) ? String(valueAt(sent, "source.sourceImage")) : "";
  return refuse(400, "InvalidParameters", `manifest unknown: ${image} in ${source.id}`);
}
