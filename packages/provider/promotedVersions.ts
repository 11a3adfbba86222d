import { approvalTag } from "./approvedVersions";
import { assetPath, hashTag, isStanding, modelNumber, tagsOf, type Version } from "./assetRules";
import { listVersions } from "./assetVersion";
import type { Call } from "./pipeline";
import type { ResourceManager } from "./resourceManager";
import { inParallel } from "./together";
import type { PromotedArm, PromotedImage, PromotedVersions, PromotedVersionsArgs } from "./tokens";
import { UserError } from "./userError";

/** Listings at once, as for approvals. */
const listingsAtOnce = 16;

/** Tag of an environment version: SHA-256 of the folder that its image was built from. */
const contextTag = "context_hash";

/** Tag of a model version: the bytes of the image that it was approved with, as `contentOfImage` says them. */
export const imageTag = (image: string) => `image_${image}`;

type Reader = Pick<ResourceManager, "get" | "list">;

/**
 * What each arm of an environment deploys of a shared registry: only versions that passed the gate of the
 * environment they are taken from, with the image they passed it with.
 *
 * @throws UserError where the registry does not exist, else one that lists every version that never passed, and
 * every image that is not in the registry
 */
export async function promotedVersions(
  azure: Reader,
  args: PromotedVersionsArgs,
  call: Call = {},
): Promise<PromotedVersions> {
  const { registry, arms } = args;
  if (arms.length === 0) return { arms: {} };
  if (!(await azure.get(registry, call))) {
    throw new UserError(
      `the registry that ${args.from} shares does not exist: ${registry}; bring ${args.from} up first, with: pulumi up --stack ${args.from}`,
    );
  }
  const read = async (kind: "model" | "environment", names: readonly string[]) => {
    const sorted = [...new Set(names)].sort();
    const lists = await inParallel(sorted, listingsAtOnce, (name) =>
      listVersions(azure as ResourceManager, assetPath({ workspace: registry, kind, name }), call),
    );
    return new Map(
      sorted.map((name, index) => [name, (lists[index] as Version[]).filter(isStanding)]),
    );
  };
  const models = await read(
    "model",
    arms.map(({ model }) => model),
  );
  const images = await read(
    "environment",
    arms.map(({ image }) => image),
  );
  const problems: string[] = [];
  const found = arms.flatMap((wanted) => {
    const version = versionOf(wanted, models.get(wanted.model) ?? [], args, problems);
    if (version === undefined) return [];
    const image = imageOf(wanted, version, images.get(wanted.image) ?? [], args, problems);
    if (image === undefined) return [];
    const { [hashTag]: hash = "", [approvalTag(args.from)]: passed = "" } = tagsOf(version);
    const number = modelNumber(version.version) as number;
    const arm: PromotedArm = { version: number, hash, passed, image };
    return [[`${wanted.flow}.${wanted.arm}`, arm] as const];
  });
  if (problems.length > 0) {
    throw new UserError(
      `refused to deploy what did not pass ${args.from}\n${problems.map((line) => `- ${line}`).join("\n")}`,
    );
  }
  return { arms: Object.fromEntries(found) };
}

type Wanted = PromotedVersionsArgs["arms"][number];

function versionOf(
  { flow, arm, model, version }: Wanted,
  versions: readonly Version[],
  { from, environment }: PromotedVersionsArgs,
  problems: string[],
): Version | undefined {
  const passed = versions.filter((each) => approvalTag(from) in tagsOf(each));
  if (version === "approved") {
    return passed
      .filter((each) => approvalTag(environment) in tagsOf(each))
      .sort((a, b) => Number(b.version) - Number(a.version))[0];
  }
  const named = passed.find((each) => Number(each.version) === version);
  if (named) return named;
  const exists = versions.some((each) => Number(each.version) === version);
  problems.push(
    `flow ${flow}, arm ${arm}: version ${version} of ${model} ` +
      (exists
        ? `never passed ${from}: it lacks the tag ${approvalTag(from)}; evaluate it there and run: genaiops register ${flow} --env ${from} --approve ${from}`
        : `is not in the registry; ${numbersOf(passed, from)}`),
  );
  return undefined;
}

function numbersOf(passed: readonly Version[], from: string): string {
  const numbers = passed.map(({ version }) => Number(version)).sort((a, b) => a - b);
  return numbers.length === 0
    ? `none passed ${from} yet`
    : `those that passed ${from} are ${numbers.join(", ")}`;
}

function imageOf(
  { flow, arm, model, image, holdsFlow }: Wanted,
  version: Version,
  environments: readonly Version[],
  { from, containerRegistry }: PromotedVersionsArgs,
  problems: string[],
): PromotedImage | undefined {
  const where = `flow ${flow}, arm ${arm}: version ${version.version} of ${model}`;
  const bytes = tagsOf(version)[imageTag(image)];
  if (bytes === undefined) {
    problems.push(
      `${where} passed ${from} without the image ${image}: let an arm of ${from} use it, and approve the version there again`,
    );
    return undefined;
  }
  if (holdsFlow && !bytes.startsWith("flow:")) {
    problems.push(
      `${where} passed ${from} in an image ${image} that does not hold the flow: run pulumi up --stack ${from}, and approve these files there again`,
    );
    return undefined;
  }
  const found = new Set(
    environments
      .filter((each) => bytesOf(each).includes(bytes))
      .map(({ properties }) => String(properties["image"])),
  );
  // The same files built twice are two images, for what a build fetches may differ.
  if (found.size > 1) {
    problems.push(
      `${where}: the registry has ${found.size} images ${image} built from the files it passed with, and only one was evaluated: ` +
        `${[...found].sort().join(", ")}; archive the environment versions of the images that ${from} does not serve (az ml environment archive)`,
    );
    return undefined;
  }
  const [registered = ""] = found;
  const parts = /^([^/]+)\/(.+)@(sha256:[0-9a-f]{64})$/.exec(registered);
  if (!parts) {
    problems.push(
      `${where}: the registry has no image ${image} of the bytes it passed with (${bytes}); build and register it with: pulumi up --stack ${from}`,
    );
    return undefined;
  }
  const [reference = "", server = "", repository = "", digest = ""] = parts;
  const own = containerRegistry.slice(containerRegistry.lastIndexOf("/") + 1).toLowerCase();
  return { reference, repository, digest, imported: server.startsWith(`${own}.`) };
}

/** By which contents a model version may name this environment version. */
function bytesOf(environment: Version): string[] {
  const { [hashTag]: digest, [contextTag]: context } = tagsOf(environment);
  return [
    ...(digest === undefined ? [] : [`digest:${digest}`]),
    ...(context === undefined ? [] : [`context:${context}`, `flow:${context}`]),
  ];
}
