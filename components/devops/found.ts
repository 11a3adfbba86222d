import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { DevOpsPlace } from "../../config/environment";

/** Ids of what this environment uses in the organisation and has not made. */
export interface Found {
  /** UUID; absent where the project is created. */
  readonly projectId?: string;
  /** UUID; absent where the repository is created. */
  readonly repositoryId?: string;
  /** Queues of the agents, and of those of pull requests; absent where one is created or agents are hosted. */
  readonly queueId?: string;
  readonly pullRequestQueueId?: string;
  /** Identity ids (UUID) of those who approve. */
  readonly approvers: readonly string[];
}

/**
 * Looks up what must be there before anything is declared. What is not there ends the program with a
 * message that says how to mend it.
 */
export async function findExisting(settings: DevOpsSettings, place: DevOpsPlace): Promise<Found> {
  const { project, repository } = settings;
  const approvers = Promise.all(place.approvers.map(findApprover));
  if (project.mode === "create") return { approvers: await approvers };
  const { id: projectId } = await found(
    azuredevops.getProject({ name: project.name }),
    `devops.project: there is no project ${project.name} in ${place.organisation}`,
    "update the stack that creates it first, or write mode: create",
  );
  const repositoryId =
    repository.mode === "existing"
      ? found(
          azuredevops.getGitRepository({ name: repository.name, projectId }),
          `devops.repository: there is no repository ${repository.name} in project ${project.name}`,
          "update the stack that creates it first, or write mode: create or import",
        ).then(({ id }) => id)
      : undefined;
  const queueOf = (key: "agents" | "pullRequestAgents") => {
    const agents = settings[key];
    if (agents?.mode !== "existing" || agents.queue !== "existing") return undefined;
    return found(
      azuredevops.getAgentQueue({ name: agents.pool, projectId }),
      `devops.${key}: project ${project.name} has no queue for the pool ${agents.pool}`,
      "write queue: create",
    ).then(({ id }) => id);
  };
  const queues = [queueOf("agents"), queueOf("pullRequestAgents")] as const;
  return {
    projectId,
    repositoryId: await repositoryId,
    queueId: await queues[0],
    pullRequestQueueId: await queues[1],
    approvers: await approvers,
  };
}

async function findApprover(mail: string): Promise<string> {
  const { id } = await found(
    azuredevops.getIdentityUsers({ name: mail, searchFilter: "MailAddress" }),
    `devops.approval: ${mail} is nobody in the organisation`,
    "correct the address, or make the person a member",
  );
  return id;
}

async function found<Result>(
  answer: Promise<Result>,
  missing: string,
  mend: string,
): Promise<Result> {
  try {
    return await answer;
  } catch (error) {
    throw new pulumi.RunError(`${missing}; ${mend} (${(error as Error).message})`);
  }
}
