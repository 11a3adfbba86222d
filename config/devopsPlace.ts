import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { devOpsNames } from "./devopsNames";
import { PLACEHOLDER_APPROVER } from "./devopsSettings";
import type { DevOpsSettings } from "./devopsSettings";
import type { DevOpsPlace } from "./environment";
import type { Settings } from "./settings";
import type { StackText } from "./stackFile";

/** Where a new repository's first files stand. */
const PIPELINES = "pipelines";

/** What the checked settings say of Azure DevOps, made whole. */
export function devOpsPlace(
  root: string,
  stack: string,
  { organisation }: StackText,
  settings: DevOpsSettings,
): DevOpsPlace {
  return {
    organisation: String(organisation).replace(/\/+$/, ""),
    names: devOpsNames(stack),
    approvers: (settings.approval?.approvers ?? []).filter(
      (approver) => approver.toLowerCase() !== PLACEHOLDER_APPROVER,
    ),
    seed: seedOf(root, settings),
  };
}

/** Files that the stack writes into the repository, where they are missing. */
export function seedOf(root: string, { repository }: Pick<DevOpsSettings, "repository">): string[] {
  return [...new Set(repository.seed ?? pipelineFiles(root))].sort();
}

function pipelineFiles(root: string): string[] {
  const folder = path.join(root, PIPELINES);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => path.posix.join(PIPELINES, file.split(path.sep).join("/")));
}

/** What a reader should know of the DevOps half and need not mend at once. */
export function devOpsNotices({ devops, deployer }: Settings): string[] {
  if (devops === undefined) return [];
  const { agents, approval, pullRequestAgents, repository, connection, secrets, state } = devops;
  const placeholder = approval?.approvers.some(
    (approver) => approver.toLowerCase() === PLACEHOLDER_APPROVER,
  );
  return [
    ...(placeholder
      ? [`devops: ${PLACEHOLDER_APPROVER} is a placeholder, so it is not asked to approve anything`]
      : []),
    ...(repository.mode === "import" && !repository.branches.includes("development")
      ? ["devops: what is imported has no branch development; make it the default branch once"]
      : []),
    ...(deployer.mode === "existing" && connection.secret === undefined
      ? [
          "devops: the deployer exists, so its owner must make it trust the outputs devOps.issuer and devOps.subject",
        ]
      : []),
    ...(secrets.length > 0 && deployer.rights === "Contributor"
      ? ["devops: the linked variable group is made once the roles to grant are granted"]
      : []),
    ...(agents.mode !== "hosted" && pullRequestAgents === undefined
      ? [
          "devops: pull requests run on the agents that deploy; give them others by devops.pullRequestAgents",
        ]
      : []),
    ...(state === undefined
      ? ["devops: without devops.state nobody gives the pipelines rights on Pulumi's state"]
      : []),
  ];
}
