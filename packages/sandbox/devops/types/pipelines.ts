import { z } from "zod";
import { refuse } from "../../rules/rule";
import {
  anyText,
  excludes,
  flag,
  folder,
  needsOne,
  optionalText,
  positive,
  text,
  uuid,
} from "../inputs";
import { protectedKinds, protectedThing } from "./checks";
import type { Check, Facts, Rule, Types } from "../type";

/** learn.microsoft.com/azure/devops/pipelines; limits as the provider checks them. */

const filters = z
  .array(z.strictObject({ excludes: z.array(text).optional(), includes: z.array(text).optional() }))
  .min(1);

const ciOverride = z.strictObject({
  batch: flag.default(true),
  branchFilters: filters,
  maxConcurrentBuildsPerBranch: positive.default(1),
  pathFilters: filters.optional(),
  pollingInterval: z.int().min(0).default(0),
  pollingJobId: optionalText,
});

const prOverride = z.strictObject({
  autoCancel: flag.default(true),
  branchFilters: filters,
  pathFilters: filters.optional(),
});

const schedule = z.strictObject({
  branchFilters: filters,
  daysToBuilds: z.array(z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])).min(1),
  scheduleJobId: optionalText,
  scheduleOnlyWithChanges: flag.default(true),
  startHours: z.int().min(0).max(23).default(0),
  startMinutes: z.int().min(0).max(59).default(0),
  timeZone: text.default("(UTC) Coordinated Universal Time"),
});

/** A trigger comes from the YAML or from here. */
const oneSource: Check = (inputs) =>
  ["ciTrigger", "pullRequestTrigger"].flatMap((name) => {
    const { useYaml, override } = (inputs[name] ?? {}) as Record<string, unknown>;
    return useYaml === true && override !== undefined
      ? [{ path: `${name}.override`, reason: "cannot be set beside useYaml" }]
      : [];
  });

const yamlIsNamed: Check = ({ repository, jobs }) =>
  (repository as Record<string, unknown> | undefined)?.ymlPath === undefined && jobs === undefined
    ? [{ path: "repository.ymlPath", reason: "must be set, the pipeline has no jobs of its own" }]
    : [];

/** An Azure repository is one of the organisation's, by id. */
const repositoryExists: Rule = ({ inputs, find }) => {
  const { repoId, repoType } = inputs.repository as Record<string, unknown>;
  return repoType !== "TfsGit" || find("Git", repoId)
    ? undefined
    : refuse(404, "BuildRepository", `there is no repository ${String(repoId)}`);
};

/** Names are unique in a folder: REST Definitions - Create, DefinitionExistsException. */
const nameIsFree: Rule = ({ id, inputs, all }) => {
  const twin = all("BuildDefinition").find(
    ({ id: other, properties }) =>
      other !== id &&
      ["projectId", "path", "name"].every((name) => properties[name] === inputs[name]),
  );
  return (
    twin &&
    refuse(
      409,
      "DefinitionExists",
      `pipeline ${String(inputs.name)} exists in ${String(inputs.path)}`,
    )
  );
};

const targetExists: Rule = ({ inputs, find }) => {
  const target = protectedThing(String(inputs.type), String(inputs.resourceId));
  return find(target.kind, target.id)
    ? undefined
    : refuse(
        404,
        "PipelinePermission",
        `there is no ${String(inputs.type)} ${String(inputs.resourceId)} to open`,
      );
};

/** Deleting a folder deletes the pipelines in it: REST Folders - Delete. */
function dropPipelines({ world, inputs }: Facts, what: string): void {
  if (what !== "delete") return;
  for (const [key, { kind, properties }] of Object.entries(world.state.things)) {
    const path = String(properties.path);
    const inside = path === inputs.path || path.startsWith(`${String(inputs.path)}\\`);
    if (kind === "BuildDefinition" && properties.projectId === inputs.projectId && inside)
      delete world.state.things[key];
  }
}

export const pipelineTypes: Types = {
  BuildDefinition: {
    inputs: z.strictObject({
      agentPoolName: text.default("Azure Pipelines"),
      agentSpecification: optionalText,
      buildCompletionTriggers: z
        .array(z.strictObject({ branchFilters: filters, buildDefinitionId: positive }))
        .optional(),
      ciTrigger: z
        .strictObject({ override: ciOverride.optional(), useYaml: flag.default(false) })
        .optional(),
      features: z
        .array(z.strictObject({ skipFirstRun: flag.default(true) }))
        .max(1)
        .optional(),
      jobAuthorizationScope: z.enum(["project", "projectCollection"]).default("projectCollection"),
      jobs: z.array(z.record(z.string(), z.unknown())).optional(),
      name: text,
      path: folder.default("\\"),
      projectId: uuid,
      pullRequestTrigger: z
        .strictObject({
          commentRequired: z.enum(["All", "NonTeamMembers", "None"]).optional(),
          forks: z.strictObject({ enabled: flag, shareSecrets: flag }),
          initialBranch: text.default("Managed by Terraform"),
          override: prOverride.optional(),
          useYaml: flag.default(false),
        })
        .optional(),
      queueStatus: z.enum(["enabled", "paused", "disabled"]).default("enabled"),
      repository: z.strictObject({
        branchName: text.default("master"),
        githubEnterpriseUrl: optionalText,
        repoId: text,
        repoType: z.enum(["GitHub", "TfsGit", "Bitbucket", "GitHubEnterprise", "Git"]),
        reportBuildStatus: flag.default(true),
        serviceConnectionId: uuid.optional(),
        url: optionalText,
        ymlPath: optionalText,
      }),
      schedules: z.array(schedule).optional(),
      variableGroups: z.array(positive).optional(),
      variables: z
        .array(
          z.strictObject({
            allowOverride: flag.default(true),
            isSecret: flag.default(false),
            name: text,
            secretValue: anyText.optional(),
            value: anyText.optional(),
          }),
        )
        .optional(),
    }),
    checks: [oneSource, yamlIsNamed],
    replaces: ["projectId"],
    secrets: ["variables.*.secretValue"],
    id: "number",
    references: {
      projectId: "Project",
      "variableGroups.*": "VariableGroup",
      "buildCompletionTriggers.*.buildDefinitionId": "BuildDefinition",
    },
    writeRules: [repositoryExists, nameIsFree],
    computed: { revision: ({ before }) => Number(before?.properties.revision ?? 0) + 1 },
  },
  BuildFolder: {
    inputs: z.strictObject({ description: anyText.optional(), path: folder, projectId: uuid }),
    replaces: ["projectId"],
    id: ({ inputs }) => `${String(inputs.projectId)}${String(inputs.path)}`,
    references: { projectId: "Project" },
    effect: dropPipelines,
  },
  PipelineAuthorization: {
    inputs: z.strictObject({
      pipelineId: positive.optional(),
      pipelineProjectId: uuid.optional(),
      projectId: uuid,
      resourceId: text,
      type: z.enum(Object.keys(protectedKinds)),
    }),
    replaces: ["pipelineId", "pipelineProjectId", "projectId", "resourceId", "type"],
    id: ({ inputs }) =>
      [inputs.projectId, inputs.type, inputs.resourceId, inputs.pipelineId ?? "all"]
        .map(String)
        .join("/"),
    references: { projectId: "Project", pipelineId: "BuildDefinition" },
    writeRules: [targetExists],
  },
  Pool: {
    inputs: z.strictObject({
      autoProvision: flag.default(false),
      autoUpdate: flag.default(true),
      name: text,
      poolType: z.enum(["automation", "deployment"]).default("automation"),
    }),
    replaces: ["poolType"],
    id: "number",
    unique: [],
  },
  Queue: {
    inputs: z.strictObject({
      agentPoolId: positive.optional(),
      name: text.optional(),
      projectId: uuid,
    }),
    checks: [excludes("agentPoolId", "name"), needsOne("agentPoolId", "name")],
    replaces: ["agentPoolId", "name", "projectId"],
    id: "number",
    references: { projectId: "Project", agentPoolId: "Pool" },
    writeRules: [
      ({ inputs, all }) =>
        inputs.name === undefined ||
        all("Pool").some(({ properties }) => properties.name === inputs.name)
          ? undefined
          : refuse(404, "TaskAgentPool", `there is no agent pool ${String(inputs.name)}`),
    ],
    computed: {
      agentPoolId: ({ inputs, all }) =>
        inputs.agentPoolId ??
        Number(all("Pool").find(({ properties }) => properties.name === inputs.name)?.id),
      name: ({ inputs, find }) => inputs.name ?? find("Pool", inputs.agentPoolId)?.properties.name,
    },
  },
};
