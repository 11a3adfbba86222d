import type { Environment } from "../../../config/environment";
import { contentOfImage, flowIn } from "../../../config/flowImage";
import type { FolderContent } from "../../../config/hash";
import { sharedId } from "../../../config/promotion";
import { approvalTag } from "../../provider/approvedVersions";
import { assetPath, hashTag, tagsOf } from "../../provider/assetRules";
import { listVersions, readVersion, setVersionTags } from "../../provider/assetVersion";
import { imageTag } from "../../provider/promotedVersions";
import { publishModel } from "../../provider/registryModel";
import type { ResourceManager } from "../../provider/resourceManager";
import { CommandError, EXIT } from "../exit";
import type { Wanted } from "./plan";

/** ARM id of the registry that this environment shares; undefined where it shares none. */
export function ownRegistry(environment: Environment): string | undefined {
  const { settings, names, subscriptionId } = environment;
  const chosen = settings.machineLearningRegistry;
  if (chosen === undefined) return undefined;
  const adopted = chosen.mode === "existing" ? chosen.resourceGroup : undefined;
  return sharedId("Microsoft.MachineLearningServices", {
    mode: "existing",
    name: names.machineLearningRegistry,
    resourceGroup: adopted ?? names.resourceGroup,
    subscriptionId,
  });
}

export interface Publication {
  readonly azure: ResourceManager;
  readonly environment: Environment;
  readonly flow: string;
  readonly model: Wanted;
  /** What the approval says: the evaluation that earned it. */
  readonly evidence: string;
  readonly say: (line: string) => void;
}

/**
 * Send what passed the gate to the registry that other environments deploy from, with the bytes of the images
 * that it passed with. Equal bytes find their version, and nothing is sent again.
 */
export async function publish(
  registry: string,
  { azure, environment, flow, model, evidence, say }: Publication,
): Promise<void> {
  const { kind, name, content, source, prefix, tags } = model;
  const { modelUri: _, ...properties } = model.properties("");
  const { hash, files } = content;
  const before = await listVersions(azure, assetPath({ workspace: registry, kind, name }));
  const { version, assetId } = await publishModel(azure, environment.root, {
    registry,
    name,
    folder: { prefix, source, files, hash },
    properties,
    tags: { ...tags, ...imagesOf(environment, flow, content) },
  });
  await approve(azure, assetId, environment.stack, evidence);
  const stood = before.some((each) => each.version === version);
  const place = registry.slice(registry.lastIndexOf("/") + 1);
  say(
    stood
      ? `model ${name}: version ${version} of the registry ${place} holds these bytes`
      : `model ${name}: published version ${version} in the registry ${place}`,
  );
}

/** The bytes of every image that an arm of the flow has, as tags. */
function imagesOf(
  { root, settings: { images, armDefaults }, flows }: Environment,
  flow: string,
  model: FolderContent,
): Record<string, string> {
  const arms = flows.find(({ name }) => name === flow)?.arms ?? [];
  const usual = armDefaults.image;
  const used = arms.length > 0 ? arms.map(({ image }) => image) : usual ? [usual] : [];
  // What new arms take may hold another flow, and then serves none of this one.
  const own = used.filter((name) => [undefined, flow].includes(flowIn(images[name])));
  return Object.fromEntries(
    [...new Set(own)].sort().map((name) => {
      const { by, hash } = contentOfImage(root, images, name, model);
      return [imageTag(name), `${by}:${hash}`];
    }),
  );
}

/**
 * Approve for this environment the version that another one let through and that holds these very bytes.
 *
 * @throws CommandError with exit code 3 where no such version passed there
 */
export async function approvePromoted({
  azure,
  environment,
  flow,
  model,
  evidence,
  say,
}: Omit<Publication, "evidence"> & { readonly evidence: string | undefined }): Promise<void> {
  const { promotion, stack } = environment;
  if (promotion === undefined) throw new Error(`${stack} evaluates its own versions`);
  const { from, registry } = promotion;
  const path = assetPath({
    workspace: sharedId("Microsoft.MachineLearningServices", registry),
    kind: "model",
    name: model.name,
  });
  const equal = (await listVersions(azure, path)).filter(
    (version) => tagsOf(version)[hashTag] === model.content.hash,
  );
  const passed = equal.find((version) => approvalTag(from) in tagsOf(version));
  if (passed === undefined) {
    const found =
      equal[0] === undefined
        ? `the registry ${registry.name} has no version of ${model.name} with the content ${model.content.hash.slice(0, 20)}`
        : `version ${equal[0].version} of ${model.name} lacks the tag ${approvalTag(from)}`;
    throw new CommandError(
      `flows/${flow} of this checkout never passed ${from}: ${found}; evaluate these bytes there first: genaiops register ${flow} --env ${from} --approve ${from}`,
      EXIT.refused,
    );
  }
  say(
    `model ${model.name}: version ${passed.version} of the registry ${registry.name} passed ${from}`,
  );
  if (evidence === undefined) return;
  const changed = await approve(azure, passed.id, stack, evidence);
  const done = changed ? "approved" : "is approved already";
  say(`model ${model.name} version ${passed.version}: ${done} for ${stack}, ${evidence}`);
}

/** Mark a version as approved for an environment, and say whether that changed anything. */
export async function approve(
  azure: ResourceManager,
  assetId: string,
  environment: string,
  evidence: string,
): Promise<boolean> {
  const name = approvalTag(environment);
  const live = await readVersion(azure, assetId);
  if (live !== undefined && tagsOf(live)[name] === evidence) return false;
  await setVersionTags(azure, assetId, { [name]: evidence });
  return true;
}
