import { readEnvironment } from "../../config/read";
import { repository } from "./repository";

/** The place in Azure DevOps and the notices of a repository with a block `devops`. */
function read(lines: string, files = {}) {
  const block =
    "  azuredevops:orgServiceUrl: https://dev.azure.com/contoso/\n  devops:\n" +
    `    project: { mode: create, name: shop }\n    branches: [development]\n${lines}`;
  const { root, remove } = repository([{ from: "  flows:\n", to: `${block}  flows:\n` }], files);
  try {
    const { devOps, notices } = readEnvironment({ root, stack: "dev" });
    return { devOps, notices: notices.filter((notice) => notice.startsWith("devops:")) };
  } finally {
    remove();
  }
}

const imported =
  '    repository: { mode: import, name: flows, url: "https://example.com/a.git", branches: [main] }\n';
const stateUnknown =
  "devops: without devops.state nobody gives the pipelines rights on Pulumi's state";

test("a placeholder is told of, and nobody is asked in its stead", () => {
  const approval = "    approval: { approvers: [Replace@youremail.com, lead@contoso.com] }\n";
  const { devOps, notices } = read(imported + approval);
  expect(devOps).toMatchObject({
    organisation: "https://dev.azure.com/contoso",
    approvers: ["lead@contoso.com"],
    seed: [],
  });
  expect(notices).toEqual([
    "devops: replace@youremail.com is a placeholder, so it is not asked to approve anything",
    "devops: what is imported has no branch development; make it the default branch once",
    stateUnknown,
  ]);
});

test("a new repository begins with all YAML under pipelines/, in one order", () => {
  const files = {
    "pipelines/pull-request.yml": "trigger: none\n",
    "pipelines/templates/check.yml": "steps: []\n",
    "pipelines/README.md": "words\n",
  };
  const { devOps, notices } = read("    repository: { mode: create, name: flows }\n", files);
  expect(devOps?.seed).toEqual(["pipelines/pull-request.yml", "pipelines/templates/check.yml"]);
  expect(notices).toEqual([stateUnknown]);
});

test("it is told where pull requests run on the agents that deploy", () => {
  const agents = "    agents: { mode: create, pool: inside }\n";
  const others = "    pullRequestAgents: { mode: hosted }\n";
  const told =
    "devops: pull requests run on the agents that deploy; give them others by devops.pullRequestAgents";
  const repository = "    repository: { mode: create, name: flows }\n";
  const files = { "pipelines/a.yml": "" };
  const project = (lines: string) => read(repository + lines, files).notices;
  expect(project(agents)).toContain(told);
  expect(project(agents + others)).not.toContain(told);
  expect(project("")).not.toContain(told);
});

test("a stack without the block has no place in Azure DevOps", () => {
  const { root, remove } = repository();
  const environment = readEnvironment({ root, stack: "dev" });
  remove();
  expect(environment).not.toHaveProperty("devOps");
});
