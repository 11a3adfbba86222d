import { AzureError } from "./azureError";
import { callOf, type Kind } from "./kind";
import { propertyChanges } from "./propertyChanges";
import type { ResourceManager } from "./resourceManager";
import { isUnknown, unknown, type Failure, type Properties } from "./protocol";

/** Registries - Import Image, Microsoft.ContainerRegistry. */
const apiVersion = "2023-07-01";

const inputs = ["registry", "loginServer", "source", "repository", "digest"] as const;

const patterns: Record<(typeof inputs)[number], readonly [RegExp, string]> = {
  registry: [/\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/i, "the ARM id of a registry"],
  loginServer: [/^[a-z0-9.-]+$/, "the host name of the registry"],
  source: [/\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/i, "the ARM id of a registry"],
  repository: [/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/, "a repository, without registry and tag"],
  digest: [/^sha256:[0-9a-f]{64}$/, "sha256:<64 hexadecimal digits>"],
};

/** An image of another registry, copied by Azure itself; its digest stays, so other inputs are another image. */
export function importedImageKind(azure: ResourceManager): Kind {
  return {
    problems: ({ inputs: given }) => inputs.flatMap((name) => problem(name, given[name])),

    diff: ({ oldInputs, inputs: given }) => ({
      changes: propertyChanges(oldInputs, given, inputs),
    }),

    create: async (request) => {
      const { registry, source, repository, digest } = request.inputs;
      const outputs = { ...request.inputs, reference: referenceOf(request.inputs) };
      if (request.preview) return { id: "", outputs };
      // The tag keeps the image from being purged; it names one digest and so never moves.
      const tag = String(digest).replace("sha256:", "").slice(0, 12);
      const body = {
        source: { resourceId: source, sourceImage: `${String(repository)}@${String(digest)}` },
        targetTags: [`${String(repository)}:${tag}`],
        mode: "NoForce",
      };
      await standing(
        azure.act(
          String(registry),
          "importImage",
          { ...callOf(request), body, toEnd: true },
          apiVersion,
        ),
      );
      return { id: String(outputs.reference), outputs };
    },

    update: async ({ inputs: given }) => ({
      outputs: { ...given, reference: referenceOf(given) },
    }),

    read: async ({ id, inputs: given, outputs }) => ({ id, inputs: given, outputs }),

    /** Images stay: what stands behind an endpoint may be started again from them. */
    delete: async () => {},
  };
}

function problem(name: (typeof inputs)[number], value: unknown): Failure[] {
  const [pattern, allowed] = patterns[name];
  if (isUnknown(value) || (typeof value === "string" && pattern.test(value))) return [];
  return [{ property: name, reason: `found ${JSON.stringify(value)}; give ${allowed}` }];
}

function referenceOf({ loginServer, repository, digest }: Properties): unknown {
  return isUnknown([loginServer, repository, digest])
    ? unknown
    : `${String(loginServer)}/${String(repository)}@${String(digest)}`;
}

/** An import that finds its tag has nothing to do. */
async function standing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof AzureError) || error.status !== 409) throw error;
  }
}
