import { assetPath, isStanding, modelNumber, tagsOf, type Version } from "./assetRules";
import { listVersions } from "./assetVersion";
import type { Call } from "./pipeline";
import type { ResourceManager } from "./resourceManager";
import { inParallel } from "./together";
import type { ApprovedVersions, ApprovedVersionsArgs } from "./tokens";

/** Listings at once: 1,000 models take seconds, and stay below Azure's limit of reads. */
const listingsAtOnce = 16;

/** The tag that approves a model version for an environment. */
export const approvalTag = (environment: string) => `approved_${environment}`;

/**
 * The newest version of each model that carries the environment's approval. A model without one is absent, and
 * so is every model while the workspace does not exist.
 */
export async function approvedVersions(
  azure: ResourceManager,
  { workspace, environment, models }: ApprovedVersionsArgs,
  call: Call = {},
): Promise<ApprovedVersions> {
  if (models.length === 0 || !(await azure.get(workspace, call))) return { versions: {} };
  const names = [...new Set(models)].sort();
  const newest = await inParallel(names, listingsAtOnce, async (name) => {
    const versions = await listVersions(azure, assetPath({ workspace, kind: "model", name }), call);
    return newestApproved(versions, environment);
  });
  const found = names.flatMap((name, index) => {
    const version = newest[index];
    return version === undefined ? [] : [[name, version] as const];
  });
  return { versions: Object.fromEntries(found) };
}

/** The highest number among the versions that are approved and not archived. */
function newestApproved(versions: readonly Version[], environment: string): number | undefined {
  const tag = approvalTag(environment);
  const numbers = versions
    .filter((version) => tag in tagsOf(version) && isStanding(version))
    .flatMap(({ version }) => modelNumber(version) ?? []);
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}
