import { z } from "zod";
import { refuse } from "../../rules/rule";
import { anyText, branchRef, excludes, flag, optionalText, text, uuid } from "../inputs";
import { dropBelow, filePath, newHead, policiesOn, shortBranch } from "../store";
import type { Check, Facts, Rule, Types } from "../type";

/** Provider, resource_git_repository: what goes with which way to begin. */
const beginning: Check = ({ defaultBranch, initialization, parentRepositoryId }) => {
  const { initType, sourceUrl, sourceType } = (initialization ?? {}) as Record<string, unknown>;
  const problems = [];
  if (initType === "Uninitialized" && defaultBranch !== undefined)
    problems.push({
      path: "defaultBranch",
      reason: "cannot be set while initType is Uninitialized",
    });
  if (initType === "Import" && (sourceUrl === undefined || sourceType === undefined))
    problems.push({
      path: "initialization.sourceUrl",
      reason: "and sourceType must be set to import",
    });
  if (initType === "Fork" && parentRepositoryId === undefined)
    problems.push({ path: "parentRepositoryId", reason: "must be set to fork" });
  return problems;
};

/** Branches that the repository has from the start. */
function firstBranches({ world, inputs }: Facts): Record<string, Record<string, string>> {
  const { initType, sourceUrl } = inputs.initialization as Record<string, string>;
  if (initType === "Import")
    return world.settings.imports?.[sourceUrl ?? ""] ?? { main: {}, development: {} };
  if (initType === "Fork") {
    const parent = world.state.branches[String(inputs.parentRepositoryId)] ?? {};
    return Object.fromEntries(
      Object.entries(parent).map(([name, { files }]) => [name, { ...files }]),
    );
  }
  if (initType === "Uninitialized") return {};
  return { [shortBranch(inputs.defaultBranch ?? "main")]: { "README.md": "" } };
}

/** A default branch is one that exists: learn.microsoft.com/azure/devops/repos/git/change-default-branch. */
const defaultBranchExists: Rule = (facts) => {
  const { world, id, inputs, before } = facts;
  if (inputs.defaultBranch === undefined) return undefined;
  const names = Object.keys(before ? (world.state.branches[id] ?? {}) : firstBranches(facts));
  return names.includes(shortBranch(inputs.defaultBranch))
    ? undefined
    : refuse(
        400,
        "BranchNotFound",
        `${String(inputs.defaultBranch)} is no branch of ${String(inputs.name)}; it has ${names.join(", ") || "none"}`,
      );
};

/** A branch with policies changes by pull request alone: learn.microsoft.com/azure/devops/repos/git/branch-policies. */
export function refusedPush(
  { world, find }: Pick<Facts, "world" | "find">,
  repositoryId: unknown,
  branch: string,
) {
  const repository = find("Git", repositoryId);
  const policies = repository ? policiesOn(world.state, repository, branch) : [];
  return policies.length === 0
    ? undefined
    : refuse(
        403,
        "TF402455",
        `pushes to refs/heads/${branch} are not permitted: ${policies.map(({ kind }) => kind).join(", ")} asks for a pull request`,
      );
}

const pushIsAllowed: Rule = (facts) =>
  refusedPush(facts, facts.inputs.repositoryId, shortBranch(facts.inputs.branch));

const fileMayBeWritten: Rule = ({ world, inputs, before }) => {
  const branch = shortBranch(inputs.branch);
  const head = world.state.branches[String(inputs.repositoryId)]?.[branch];
  if (!head) return refuse(404, "BranchNotFound", `there is no branch ${branch}`);
  return before || inputs.overwriteOnCreate === true || !(filePath(inputs.file) in head.files)
    ? undefined
    : refuse(
        409,
        "FileExists",
        `${String(inputs.file)} exists on ${branch}; set overwriteOnCreate to take it over`,
      );
};

const branchBegins: Rule = ({ world, inputs }) => {
  const branches = world.state.branches[String(inputs.repositoryId)] ?? {};
  if (String(inputs.name) in branches)
    return refuse(409, "BranchExists", `branch ${String(inputs.name)} exists`);
  const from = shortBranch(inputs.refBranch);
  return inputs.refBranch === undefined || from in branches
    ? undefined
    : refuse(404, "BranchNotFound", `there is no branch ${from} to start from`);
};

const branchMayGo: Rule = (facts) =>
  refusedPush(facts, facts.inputs.repositoryId, String(facts.inputs.name));

export const repositoryTypes: Types = {
  Git: {
    inputs: z.strictObject({
      defaultBranch: branchRef.optional(),
      disabled: flag.default(false),
      initialization: z.strictObject({
        initType: z.enum(["Clean", "Fork", "Import", "Uninitialized"]),
        password: optionalText,
        serviceConnectionId: uuid.optional(),
        sourceType: z.enum(["Git"]).optional(),
        sourceUrl: z.url().optional(),
        username: optionalText,
      }),
      name: text,
      parentRepositoryId: uuid.optional(),
      projectId: uuid,
    }),
    checks: [beginning],
    replaces: ["projectId"],
    unique: ["projectId"],
    secrets: ["initialization.password"],
    references: {
      projectId: "Project",
      parentRepositoryId: "Git",
      "initialization.serviceConnectionId": "ServiceEndpointAzureRM",
    },
    writeRules: [defaultBranchExists],
    computed: {
      defaultBranch: (facts) => {
        const first = Object.keys(facts.before ? {} : firstBranches(facts))[0];
        return (
          facts.inputs.defaultBranch ??
          facts.before?.properties.defaultBranch ??
          (first ? `refs/heads/${first}` : "")
        );
      },
      isFork: ({ inputs }) => inputs.parentRepositoryId !== undefined,
      remoteUrl: (facts) => `${address(facts)}/_git/${String(facts.inputs.name)}`,
      size: () => 0,
      sshUrl: (facts) =>
        `git@ssh.dev.azure.com:v3/sandbox/${String(facts.inputs.projectId)}/${String(facts.inputs.name)}`,
      url: (facts) => `${address(facts)}/_apis/git/repositories/${facts.id}`,
      webUrl: (facts) => `${address(facts)}/_git/${String(facts.inputs.name)}`,
    },
    effect: (facts, what) => {
      const { branches } = facts.world.state;
      if (what === "delete") {
        delete branches[facts.id];
        dropBelow(facts.world.state, facts.id);
      }
      if (what === "create")
        branches[facts.id] = Object.fromEntries(
          Object.entries(firstBranches(facts)).map(([name, files]) => [
            name,
            newHead({ ...files }, facts.id),
          ]),
        );
    },
  },
  GitRepositoryBranch: {
    inputs: z.strictObject({
      name: text.refine(
        (name) => !name.startsWith("refs/heads/"),
        "must stand without refs/heads/",
      ),
      refBranch: text.optional(),
      refCommitId: text.optional(),
      refTag: text.optional(),
      repositoryId: uuid,
    }),
    checks: [excludes("refBranch", "refTag", "refCommitId")],
    replaces: ["name", "refBranch", "refCommitId", "refTag", "repositoryId"],
    id: ({ inputs }) => `${String(inputs.repositoryId)}:${String(inputs.name)}`,
    references: { repositoryId: "Git" },
    writeRules: [branchBegins],
    deleteRules: [branchMayGo],
    computed: {
      lastCommitId: ({ world, inputs }) => {
        const branches = world.state.branches[String(inputs.repositoryId)] ?? {};
        const head = branches[String(inputs.name)] ?? branches[shortBranch(inputs.refBranch)];
        return inputs.refCommitId ?? head?.commit ?? "";
      },
    },
    effect: ({ world, inputs }, what) => {
      const branches = (world.state.branches[String(inputs.repositoryId)] ??= {});
      const name = String(inputs.name);
      if (what === "delete") delete branches[name];
      if (what === "create")
        branches[name] = structuredClone(branches[shortBranch(inputs.refBranch)]) ?? newHead({});
    },
  },
  GitRepositoryFile: {
    inputs: z.strictObject({
      authorEmail: text.default("build@sandbox"),
      authorName: text.default("build"),
      branch: branchRef.default("refs/heads/master"),
      commitMessage: text.default("Write a file"),
      committerEmail: text.default("build@sandbox"),
      committerName: text.default("build"),
      content: anyText,
      file: text,
      overwriteOnCreate: flag.default(false),
      repositoryId: uuid,
    }),
    replaces: ["branch", "file", "repositoryId"],
    id: ({ inputs }) =>
      `${String(inputs.repositoryId)}/${filePath(inputs.file)}:${String(inputs.branch)}`,
    references: { repositoryId: "Git" },
    writeRules: [fileMayBeWritten, pushIsAllowed],
    deleteRules: [pushIsAllowed],
    effect: ({ world, inputs }, what) => {
      const branches = world.state.branches[String(inputs.repositoryId)] ?? {};
      const head = branches[shortBranch(inputs.branch)];
      if (!head) return;
      const { [filePath(inputs.file)]: _, ...others } = head.files;
      const files =
        what === "delete" ? others : { ...others, [filePath(inputs.file)]: String(inputs.content) };
      branches[shortBranch(inputs.branch)] = newHead(files, head.commit);
    },
  },
};

function address({ world, inputs }: Facts): string {
  return `${world.settings.organisation}/${String(inputs.projectId)}`;
}
