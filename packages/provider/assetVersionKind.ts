import { assetPath, assetProblems, tagsOf, versionOfHash, type Asset } from "./assetRules";
import { ensureVersion, readVersion } from "./assetVersion";
import { callOf, type Kind } from "./kind";
import { propertyChanges } from "./propertyChanges";
import type { ResourceManager } from "./resourceManager";
import { isUnknown, unknown, type Properties } from "./protocol";
import { UserError } from "./userError";

/** What makes another asset; a changed hash is the same asset at another of its versions. */
const identity = ["workspace", "kind", "name"] as const;

export function assetVersionKind(azure: ResourceManager): Kind {
  return {
    problems: ({ inputs }) => assetProblems(inputs),

    diff: ({ oldInputs, inputs }) => ({ changes: propertyChanges(oldInputs, inputs, identity) }),

    create: async (request) => {
      const { inputs } = request;
      if (request.preview) return { id: "", outputs: { ...inputs, ...planned(inputs) } };
      const asset = assetIn(inputs);
      const found = await ensureVersion(azure, asset, callOf(request));
      return { id: assetPath(asset), outputs: { ...inputs, ...found } };
    },

    update: async (request) => {
      const { inputs, oldInputs, oldOutputs } = request;
      const sameContent = oldInputs["hash"] === inputs["hash"];
      const { version, assetId } = oldOutputs;
      if (request.preview) {
        return {
          outputs: { ...inputs, ...(sameContent ? { version, assetId } : planned(inputs)) },
        };
      }
      const dropped = sameContent ? droppedTags(oldInputs, inputs) : [];
      return {
        outputs: {
          ...inputs,
          ...(await ensureVersion(azure, assetIn(inputs), callOf(request), dropped)),
        },
      };
    },

    read: async (request) => {
      const { assetId } = request.outputs;
      if (typeof assetId !== "string") {
        throw new UserError(
          `${request.id} cannot be imported\nDeclare the AssetVersion: one with equal content is adopted as it is.`,
        );
      }
      const found = await readVersion(azure, assetId, callOf(request));
      if (!found) return undefined;
      const inputs = withLiveTags(request.inputs, tagsOf(found));
      return { id: request.id, inputs, outputs: { ...request.outputs, ...inputs } };
    },

    /** Versions stay: deployments, jobs and earlier environments refer to them. */
    delete: async () => {},
  };
}

/** What is known of the version before it exists: a data set's or environment's follows from its hash. */
function planned(inputs: Properties): Properties {
  const { kind, hash } = inputs;
  if (kind === "model" || isUnknown([kind, hash])) return { version: unknown, assetId: unknown };
  const version = versionOfHash(hash as string);
  const { workspace, name } = inputs;
  const assetId = isUnknown([workspace, name])
    ? unknown
    : `${assetPath(assetIn(inputs))}/versions/${version}`;
  return { version, assetId };
}

/** Checked before by `assetProblems`. */
const assetIn = ({ workspace, kind, name, hash, properties, tags }: Properties): Asset =>
  ({ workspace, kind, name, hash, properties, tags: tags ?? {} }) as Asset;

const droppedTags = (old: Properties, next: Properties): string[] => {
  const kept = Object.keys((next["tags"] ?? {}) as object);
  return Object.keys((old["tags"] ?? {}) as object).filter((tag) => !kept.includes(tag));
};

/** Our tags as they are now; those of others, such as an approval, are none of our inputs. */
function withLiveTags(inputs: Properties, live: Record<string, string>): Properties {
  if (!inputs["tags"]) return inputs;
  const ours = Object.keys(inputs["tags"]).filter((tag) => tag in live);
  return { ...inputs, tags: Object.fromEntries(ours.map((tag) => [tag, live[tag]])) };
}
