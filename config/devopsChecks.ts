import { isProduction } from "./armChecks";
import { seedOf } from "./devopsPlace";
import { devopsSchema, PLACEHOLDER_APPROVER } from "./devopsSettings";
import type { AgentSettings, DevOpsSettings } from "./devopsSettings";
import { quote } from "./display";
import { faultOfPath, record } from "./folders";
import type { Problem } from "./problem";
import { valueAt } from "./schemaWalk";
import { ORGANISATION_KEY } from "./stackFile";
import type { StackText } from "./stackFile";
import { at, secretProblems } from "./stackProblem";

/** Everything about the block `devops` that goes beyond the form of single values. */
export function devopsProblems(root: string, stack: string, text: StackText): Problem[] {
  if (text.settings.devops === undefined) return [];
  const parsed = devopsSchema.safeParse(text.settings.devops);
  return [
    ...organisationProblems(text),
    ...placeholderProblems(stack, text),
    ...(parsed.data
      ? [
          ...agentProblems(text, parsed.data),
          ...repositoryProblems(root, text, parsed.data),
          ...connectionProblems(text, parsed.data),
          ...vaultProblems(text, parsed.data),
        ]
      : []),
  ];
}

function organisationProblems(text: StackText): Problem[] {
  const { organisation } = text;
  const allowed = "the address of an organisation: https://dev.azure.com/<organisation>";
  if (organisation === undefined) {
    return [
      text.file.problem(["config"], {
        found: `${ORGANISATION_KEY} is missing, and there is a block devops`,
        allowed,
        mend: `run: pulumi config set ${ORGANISATION_KEY} https://dev.azure.com/<organisation>`,
      }),
    ];
  }
  if (typeof organisation === "string" && /^https:\/\/[^\s/]+(\/[^\s/]+)*\/?$/.test(organisation)) {
    return [];
  }
  return [
    text.file.problem(["config", ORGANISATION_KEY], {
      found:
        typeof organisation === "string"
          ? `${ORGANISATION_KEY} is ${quote(organisation)}`
          : `${ORGANISATION_KEY} is not a text`,
      allowed,
      mend: "copy it from the address bar of a browser",
    }),
  ];
}

/** Sent to the placeholder, a request for approval reaches nobody, and every deployment is rejected. */
function placeholderProblems(stack: string, text: StackText): Problem[] {
  const approvers = valueAt(text.settings, ["devops", "approval", "approvers"]);
  if (!Array.isArray(approvers) || !isProduction(stack, text.settings)) return [];
  return approvers.flatMap((approver: unknown, index) =>
    typeof approver === "string" && approver.toLowerCase() === PLACEHOLDER_APPROVER
      ? [
          at(
            text,
            ["devops", "approval", "approvers", index],
            `${PLACEHOLDER_APPROVER} is a placeholder`,
            "the address of somebody who approves",
            "write the address of a person of your organisation",
          ),
        ]
      : [],
  );
}

function agentProblems(text: StackText, settings: DevOpsSettings): Problem[] {
  const { agents, pullRequestAgents, project } = settings;
  const problems: Problem[] = [];
  if (text.settings.network === "closed" && agents.mode === "hosted") {
    problems.push(
      at(
        text,
        ["devops", "agents"],
        "the agents are hosted, and the network is closed",
        "a pool of your own: agents of Microsoft do not reach a closed network",
        "write agents: { mode: create, pool: <name> } or network: open",
      ),
    );
  }
  if (samePool(agents, pullRequestAgents)) {
    problems.push(
      at(
        text,
        ["devops", "pullRequestAgents", "pool"],
        "pull requests have the pool of agents",
        "another pool: what nobody has reviewed would run where deployments run",
        "name another pool, or remove the block",
      ),
    );
  }
  for (const [key, one] of Object.entries({ agents, pullRequestAgents })) {
    if (project.mode !== "create" || one?.mode !== "existing" || one.queue !== "existing") continue;
    problems.push(
      at(
        text,
        ["devops", key, "queue"],
        "the queue exists, and its project is created",
        "a queue that this stack creates: a new project has none of a pool of its own",
        "write queue: create",
      ),
    );
  }
  return problems;
}

function samePool(one: AgentSettings, other: AgentSettings | undefined): boolean {
  if (one.mode === "hosted" || other === undefined || other.mode === "hosted") return false;
  return one.pool.toLowerCase() === other.pool.toLowerCase();
}

function repositoryProblems(root: string, text: StackText, settings: DevOpsSettings): Problem[] {
  const { project, repository } = settings;
  const problems: Problem[] = [];
  const sameName = project.name.toLowerCase() === repository.name.toLowerCase();
  if (project.mode === "create" && repository.mode !== "existing" && sameName) {
    problems.push(
      at(
        text,
        ["devops", "repository", "name"],
        `the repository is called ${quote(repository.name)} like its project`,
        "another name: a new project begins with an empty repository of its own name",
        `write for example ${project.name}-flows`,
      ),
    );
  }
  if (project.mode === "create" && repository.mode === "existing") {
    problems.push(
      at(
        text,
        ["devops", "repository", "mode"],
        "the repository exists, and its project is created",
        "create or import: a new project has no repository of others",
        "write mode: create or mode: import, or adopt the project",
      ),
    );
  }
  if (
    repository.mode === "import" &&
    (repository.user === undefined) !== (repository.secret === undefined)
  ) {
    problems.push(
      at(
        text,
        ["devops", "repository"],
        `the import has ${repository.user === undefined ? "a secret and no user" : "a user and no secret"}`,
        "both or neither",
        `add ${repository.user === undefined ? "user" : "secret"}`,
      ),
    );
  }
  if (repository.mode === "import") {
    problems.push(
      ...secretProblems(
        text,
        ["devops", "repository", "secret"],
        "the import's secret",
        repository.secret,
      ),
    );
  }
  seedOf(root, settings).forEach((file, index) => {
    const fault = faultOfPath(root, file, "file");
    if (fault === undefined) return;
    problems.push(text.file.problem(text.place(["devops", "repository", "seed", index]), fault));
  });
  if (repository.mode === "create" && seedOf(root, settings).length === 0) {
    problems.push(
      at(
        text,
        ["devops", "repository"],
        "there is no file under pipelines/ for the new repository to begin with",
        "the pipelines' YAML, which stands under pipelines/",
        "add it or name the files under seed",
      ),
    );
  }
  return problems;
}

function connectionProblems(text: StackText, { connection }: DevOpsSettings): Problem[] {
  const exists = record(text.settings.deployer).mode === "existing";
  const path = ["devops", "connection"];
  const problems = secretProblems(
    text,
    [...path, "secret"],
    "the connection's secret",
    connection.secret,
  );
  if (exists && connection.clientId === undefined) {
    problems.push(
      at(
        text,
        path,
        "the deployer exists, and the connection has no clientId",
        "the client id of the service principal or managed identity",
        "copy it from: az ad sp show --id <object id> --query appId",
      ),
    );
  }
  for (const key of exists ? [] : (["clientId", "secret"] as const)) {
    if (connection[key] === undefined) continue;
    problems.push(
      at(
        text,
        [...path, key],
        `the connection has a ${key}, and the deployer is created`,
        "a created deployer is a managed identity without a password",
        `remove the line, or adopt a deployer by deployer: { mode: existing, … }`,
        "key",
      ),
    );
  }
  return problems;
}

/** The service itself reads a linked vault, with a role and over the public network. */
function vaultProblems(text: StackText, { secrets }: DevOpsSettings): Problem[] {
  const keyVault = record(text.settings.keyVault);
  const problems = secrets.flatMap(({ secret }, index) =>
    secretProblems(text, ["devops", "secrets", index, "secret"], "the value's name", secret),
  );
  if (secrets.length === 0 || keyVault.mode === "existing") return problems;
  const told = (found: string, allowed: string, mend: string) =>
    problems.push(at(text, ["devops", "secrets"], found, allowed, mend, "key"));
  if (keyVault.access === "accessPolicy") {
    told(
      "devops.secrets with a key vault of access policies",
      "a vault of roles: pipelines read it by the role Key Vault Secrets User",
      "write keyVault.access: rbac",
    );
  }
  if (text.settings.network === "closed") {
    told(
      "devops.secrets in a closed network",
      "a vault that Azure DevOps reaches: a linked variable group is read from outside",
      "remove the block and read secrets in a job on your own agents, by the task AzureKeyVault",
    );
  }
  return problems;
}
