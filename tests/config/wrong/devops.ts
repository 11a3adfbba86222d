import type { Edit } from "../repository";
import type { Wrong } from "./wrong";

/** Wrong settings of Azure DevOps. */

/** The sound block from line 16 on, with `network` and other things above it as they are. */
const BLOCK = `  devops:
    project: { mode: create, name: shop }
    repository: { mode: import, name: shop-flows, url: "https://example.com/flows.git" }
    branches: [development]
`;

const organisation = "  azuredevops:orgServiceUrl: https://dev.azure.com/contoso\n";

/** Puts the block, changed, above the flows: it begins in line 16. */
function block(from = "", to = "", url = organisation): Edit {
  if (!BLOCK.includes(from)) throw new Error(`${from} does not stand in the block`);
  return { from: "  flows:\n", to: `${url}${BLOCK.replace(from, () => to)}  flows:\n` };
}

const repository = 'mode: import, name: shop-flows, url: "https://example.com/flows.git"';
const more = (lines: string): Edit =>
  block("    branches: [development]\n", `    branches: [development]\n${lines}`);

export const devops: readonly Wrong[] = [
  { name: "devops sound", edits: [block()], problems: [] },
  {
    name: "organisation missing",
    edits: [block("", "", "")],
    problems: [
      "Pulumi.dev.yaml:1:1  azuredevops:orgServiceUrl is missing, and there is a block devops; the address of an organisation: https://dev.azure.com/<organisation>; run: pulumi config set azuredevops:orgServiceUrl https://dev.azure.com/<organisation>",
    ],
  },
  {
    name: "organisation by name",
    edits: [block("", "", "  azuredevops:orgServiceUrl: contoso\n")],
    problems: [
      'Pulumi.dev.yaml:15:30  azuredevops:orgServiceUrl is "contoso"; the address of an organisation: https://dev.azure.com/<organisation>; copy it from the address bar of a browser',
    ],
  },
  {
    name: "organisation over http",
    edits: [block("", "", "  azuredevops:orgServiceUrl: http://dev.azure.com/contoso\n")],
    problems: [
      'Pulumi.dev.yaml:15:30  azuredevops:orgServiceUrl is "http://dev.azure.com/contoso"; the address of an organisation: https://dev.azure.com/<organisation>; copy it from the address bar of a browser',
    ],
  },
  {
    name: "project missing",
    edits: [block("    project: { mode: create, name: shop }\n")],
    problems: [
      'Pulumi.dev.yaml:16:3  devops has no "project"; required: a mapping of keys to values; add "project"',
    ],
  },
  {
    name: "branch with refs",
    edits: [block("[development]", "[refs/heads/development]")],
    problems: [
      'Pulumi.dev.yaml:19:16  devops.branches[0] is "refs/heads/development"; a branch without refs/heads/, or a folder of branches such as release/*; correct "0"',
    ],
  },
  {
    name: "no branch",
    edits: [block("[development]", "[]")],
    problems: [
      'Pulumi.dev.yaml:19:5  devops.branches is an empty list; at least one branch; correct "branches"',
    ],
  },
  {
    name: "closed network with hosted agents",
    edits: [{ from: "network: open", to: "network: closed" }, block()],
    problems: [
      "Pulumi.dev.yaml:16:3  the agents are hosted, and the network is closed; a pool of your own: agents of Microsoft do not reach a closed network; write agents: { mode: create, pool: <name> } or network: open",
    ],
  },
  {
    name: "closed network with agents said to be hosted",
    edits: [
      { from: "network: open", to: "network: closed" },
      more("    agents: { mode: hosted }\n"),
    ],
    problems: [
      "Pulumi.dev.yaml:20:5  the agents are hosted, and the network is closed; a pool of your own: agents of Microsoft do not reach a closed network; write agents: { mode: create, pool: <name> } or network: open",
    ],
  },
  {
    name: "placeholder approver in dev is only told",
    edits: [more("    approval: { approvers: [replace@youremail.com] }\n")],
    problems: [],
  },
  {
    name: "placeholder approver in a protected stack",
    edits: [
      { from: "network: open", to: "network: open\n  protect: true" },
      more("    approval: { approvers: [lead@contoso.com, Replace@YourEmail.com] }\n"),
    ],
    problems: [
      "Pulumi.dev.yaml:21:47  replace@youremail.com is a placeholder; the address of somebody who approves; write the address of a person of your organisation",
    ],
  },
  {
    name: "approver by name",
    edits: [more("    approval: { approvers: [lead] }\n")],
    problems: [
      'Pulumi.dev.yaml:20:29  devops.approval.approvers[0] is "lead"; an e-mail address; correct "0"',
    ],
  },
  {
    name: "approval for ever",
    edits: [more("    approval: { approvers: [lead@contoso.com], timeoutMinutes: 43201 }\n")],
    problems: [
      "Pulumi.dev.yaml:20:64  devops.approval.timeoutMinutes is 43201; a whole number from 1 to 43200; lower it to 43200 or less",
    ],
  },
  {
    name: "no reviewer",
    edits: [more("    policies: { reviewers: 0 }\n")],
    problems: [
      "Pulumi.dev.yaml:20:28  devops.policies.reviewers is 0; a whole number from 1 to 10; raise it to 1 or more",
    ],
  },
  {
    name: "merge type",
    edits: [more("    policies: { mergeTypes: [squish] }\n")],
    problems: [
      'Pulumi.dev.yaml:20:30  devops.policies.mergeTypes[0] is "squish"; one of squash, merge, rebase, rebaseMerge; did you mean "squash"?',
    ],
  },
  {
    name: "repository like its project",
    edits: [block("name: shop-flows", "name: Shop")],
    problems: [
      'Pulumi.dev.yaml:18:39  the repository is called "Shop" like its project; another name: a new project begins with an empty repository of its own name; write for example shop-flows',
    ],
  },
  {
    name: "import with a user alone",
    edits: [block('flows.git" }', 'flows.git", user: ci }')],
    problems: [
      "Pulumi.dev.yaml:18:5  the import has a user and no secret; both or neither; add secret",
    ],
  },
  {
    name: "import with an unknown secret",
    edits: [block('flows.git" }', 'flows.git", user: ci, secret: hunter2 }')],
    problems: [
      `Pulumi.dev.yaml:18:107  the import's secret is not a name under secrets; one of search-key; write one of "search-key"`,
    ],
  },
  {
    name: "seed that is not there",
    edits: [block('flows.git" }', 'flows.git", seed: [pipelines/a.yml] }')],
    problems: [
      'Pulumi.dev.yaml:18:96  there is no file "pipelines/a.yml"; a file that exists in the repository; correct the path or add what is missing',
    ],
  },
  {
    name: "new repository without pipelines",
    edits: [block(repository, "mode: create, name: shop-flows")],
    problems: [
      "Pulumi.dev.yaml:18:5  there is no file under pipelines/ for the new repository to begin with; the pipelines' YAML, which stands under pipelines/; add it or name the files under seed",
    ],
  },
  {
    name: "existing repository in a new project",
    edits: [block(repository, "mode: existing, name: shop-flows")],
    problems: [
      "Pulumi.dev.yaml:18:25  the repository exists, and its project is created; create or import: a new project has no repository of others; write mode: create or mode: import, or adopt the project",
    ],
  },
  {
    name: "existing queue in a new project",
    edits: [more("    agents: { mode: existing, pool: inside, queue: existing }\n")],
    problems: [
      "Pulumi.dev.yaml:20:52  the queue exists, and its project is created; a queue that this stack creates: a new project has none of a pool of its own; write queue: create",
    ],
  },
  {
    name: "existing queue of pull requests in a new project",
    edits: [more("    pullRequestAgents: { mode: existing, pool: review, queue: existing }\n")],
    problems: [
      "Pulumi.dev.yaml:20:63  the queue exists, and its project is created; a queue that this stack creates: a new project has none of a pool of its own; write queue: create",
    ],
  },
  {
    name: "pull requests on the agents that deploy",
    edits: [
      more(
        "    agents: { mode: create, pool: inside }\n    pullRequestAgents: { mode: existing, pool: Inside }\n",
      ),
    ],
    problems: [
      "Pulumi.dev.yaml:21:48  pull requests have the pool of agents; another pool: what nobody has reviewed would run where deployments run; name another pool, or remove the block",
    ],
  },
  {
    name: "client id of a created deployer",
    edits: [more("    connection: { clientId: 11111111-1111-4111-8111-111111111111 }\n")],
    problems: [
      "Pulumi.dev.yaml:20:19  the connection has a clientId, and the deployer is created; a created deployer is a managed identity without a password; remove the line, or adopt a deployer by deployer: { mode: existing, … }",
    ],
  },
  {
    name: "existing deployer without client id",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  deployer: { mode: existing, principalId: 11111111-1111-4111-8111-111111111111 }",
      },
      more("    connection: { secret: search-key }\n"),
    ],
    problems: [
      "Pulumi.dev.yaml:21:5  the deployer exists, and the connection has no clientId; the client id of the service principal or managed identity; copy it from: az ad sp show --id <object id> --query appId",
    ],
  },
  {
    name: "vault secret without a value",
    edits: [more("    secrets: [{ name: token, secret: other }]\n")],
    problems: [
      `Pulumi.dev.yaml:20:38  the value's name is not a name under secrets; one of search-key; write one of "search-key"`,
    ],
  },
  {
    name: "vault secrets behind access policies",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  keyVault: { mode: create, access: accessPolicy }",
      },
      more("    secrets: [{ name: token }]\n"),
    ],
    problems: [
      "Pulumi.dev.yaml:21:5  devops.secrets with a key vault of access policies; a vault of roles: pipelines read it by the role Key Vault Secrets User; write keyVault.access: rbac",
    ],
  },
  {
    name: "vault secrets in a closed network",
    edits: [
      { from: "network: open", to: "network: closed" },
      more("    agents: { mode: create, pool: inside }\n    secrets: [{ name: token }]\n"),
    ],
    problems: [
      "Pulumi.dev.yaml:21:5  devops.secrets in a closed network; a vault that Azure DevOps reaches: a linked variable group is read from outside; remove the block and read secrets in a job on your own agents, by the task AzureKeyVault",
    ],
  },
  {
    name: "environment variable name",
    edits: [more("    variables: { 1ST: a }\n")],
    problems: [
      'Pulumi.dev.yaml:20:18  "1ST" is not a legal name; letters, digits and underscores, not starting with a digit; choose another name',
    ],
  },
  {
    name: "names of the state",
    edits: [
      more("    state: { resourceGroup: rg., storageAccount: St-State, keyVault: kv--state }\n"),
    ],
    problems: [
      'Pulumi.dev.yaml:20:29  devops.state.resourceGroup is "rg."; 1 to 90 letters, digits, underscores, parentheses, hyphens and periods, not ending with a period; correct "resourceGroup"',
      'Pulumi.dev.yaml:20:50  devops.state.storageAccount is "St-State"; 3 to 24 lower-case letters and digits; correct "storageAccount"',
      'Pulumi.dev.yaml:20:70  devops.state.keyVault is "kv--state"; 3 to 24 letters, digits and single hyphens, starting with a letter and ending with a letter or digit; correct "keyVault"',
    ],
  },
  {
    name: "secret in a variable group",
    edits: [more("    variables: { NOTE: sk-0123456789abcdef01234567 }\n")],
    problems: [
      "Pulumi.dev.yaml:20:24  the variable NOTE holds what looks like a secret; no secret stands in a file, and whoever may read the variable reads it; take it out and renew it",
    ],
  },
];
