import type { Stored } from "../devops/state";
import { things } from "../devops/store";
import type { World } from "../devops/type";
import type { Json } from "../paths";
import { matches } from "./checks";

/** Which of the declared pipelines something starts. */

/** Pipelines that a push to a branch starts: the definitions' own triggers, by branch and path. */
export function startedByPush(
  world: World,
  push: {
    readonly repositoryId: string;
    readonly branch: string;
    readonly paths: readonly string[];
  },
): Stored[] {
  return definitionsOf(world, push.repositoryId).filter(({ properties }) => {
    const trigger = (properties.ciTrigger as Json | undefined)?.override as Json | undefined;
    if (!trigger) return false;
    const { branchFilters, pathFilters } = trigger as Record<string, Filter[] | undefined>;
    const path = (pattern: string, changed: string) => holdsPath(pattern, changed);
    return (
      passes(branchFilters, push.branch, sameBranch) &&
      (pathFilters === undefined || push.paths.some((one) => passes(pathFilters, one, path)))
    );
  });
}

/** Pipelines that the policies of the target branch ask for. */
export function askedOfPullRequest(
  world: World,
  request: {
    readonly repositoryId: string;
    readonly target: string;
    readonly paths: readonly string[];
  },
): Stored[] {
  const asked = things(world.state, "BranchPolicyBuildValidation").filter(({ properties }) => {
    const settings = properties.settings as Json;
    const scopes = settings.scopes as Json[];
    return (
      properties.enabled !== false &&
      settings.manualQueueOnly !== true &&
      scopes.some((scope) => inScope(world, scope, request)) &&
      touched((settings.filenamePatterns ?? []) as string[], request.paths)
    );
  });
  const ids = asked.map(({ properties }) =>
    String((properties.settings as Json).buildDefinitionId),
  );
  return definitionsOf(world, request.repositoryId).filter(({ id }) => ids.includes(id));
}

/** Pipelines with a schedule at the hour, each with the branches that it builds then. */
export function scheduledAt(
  world: World,
  repositoryId: string,
  hour: number,
): { definition: Stored; branch: string }[] {
  return definitionsOf(world, repositoryId).flatMap((definition) =>
    ((definition.properties.schedules ?? []) as Json[])
      .filter((schedule) => schedule.startHours === hour)
      .flatMap((schedule) =>
        (schedule.branchFilters as Filter[]).flatMap(({ includes = [] }) => includes),
      )
      .map((branch) => ({ definition, branch: branch.replace(/^refs\/heads\//, "") })),
  );
}

interface Filter {
  readonly includes?: string[];
  readonly excludes?: string[];
}

function definitionsOf(world: World, repositoryId: string): Stored[] {
  return things(world.state, "BuildDefinition").filter(
    ({ properties }) =>
      properties.queueStatus !== "disabled" &&
      (properties.repository as Json).repoId === repositoryId,
  );
}

/** Includes let in, excludes leave out again; without includes everything is in. */
function passes(
  filters: readonly Filter[] | undefined,
  text: string,
  holds: (pattern: string, text: string) => boolean,
): boolean {
  const includes = (filters ?? []).flatMap((filter) => filter.includes ?? []);
  const excludes = (filters ?? []).flatMap((filter) => filter.excludes ?? []);
  return (
    (includes.length === 0 || includes.some((pattern) => holds(pattern, text))) &&
    !excludes.some((pattern) => holds(pattern, text))
  );
}

function sameBranch(pattern: string, branch: string): boolean {
  return matches(pattern.replace(/^refs\/heads\//, ""), branch);
}

/** `/flows/a/*` is everything below the folder; a path without a wildcard is a file or a folder. */
function holdsPath(pattern: string, path: string): boolean {
  const whole = `/${path.replace(/^\//, "")}`;
  return matches(pattern, whole) || matches(`${pattern}/*`, whole);
}

/** Patterns of a policy in their order, the last that fits decides; none is every path. */
function touched(patterns: readonly string[], paths: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  return paths.some((path) =>
    patterns.reduce((inside, pattern) => {
      const not = pattern.startsWith("!");
      return holdsPath(not ? pattern.slice(1) : pattern, path) ? !not : inside;
    }, false),
  );
}

function inScope(
  world: World,
  { matchType, repositoryId, repositoryRef }: Json,
  request: { readonly repositoryId: string; readonly target: string },
): boolean {
  const ref = `refs/heads/${request.target}`;
  if (matchType === "DefaultBranch")
    return things(world.state, "Git").some(
      ({ id, properties }) => id === request.repositoryId && properties.defaultBranch === ref,
    );
  if (repositoryId !== undefined && repositoryId !== request.repositoryId) return false;
  const watched = String(repositoryRef).toLowerCase();
  return matchType === "Prefix"
    ? ref.toLowerCase().startsWith(watched)
    : ref.toLowerCase() === watched;
}
