import { z } from "zod";
import { guid } from "../../ids";
import { refuse } from "../../rules/rule";
import { anyText, flag, text, uuid } from "../inputs";
import { dropBelow } from "../store";
import type { Facts, Rule, Types } from "../type";

/**
 * A deleted project can be restored for 28 days (learn.microsoft.com/azure/devops/organizations/projects/
 * delete-project) and keeps its name as long (microsoft/azure-devops-node-api#234).
 */
const reservedDays = 28;

const features = z.record(
  z.enum(["boards", "repositories", "pipelines", "testplans", "artifacts"]),
  z.enum(["enabled", "disabled"]),
);
const someFeatures = z.partialRecord(features.keyType, features.valueType);

const nameIsFree: Rule = ({ world, inputs, before }) => {
  const until = world.state.reserved[String(inputs.name).toLowerCase()] ?? 0;
  return before || until <= world.settings.now
    ? undefined
    : refuse(
        409,
        "TF200019",
        `the name ${String(inputs.name)} belongs to a deleted project until ${new Date(until).toISOString()}; restore that project or take another name`,
      );
};

/**
 * A project begins with a repository of its own name:
 * learn.microsoft.com/azure/devops/organizations/projects/create-project.
 */
function begin({ world, id, inputs }: Facts, what: string): void {
  const name = String(inputs.name);
  if (what === "delete") {
    dropBelow(world.state, id);
    world.state.reserved[name.toLowerCase()] = world.settings.now + reservedDays * 86_400_000;
  } else if (what === "create") {
    const repository = guid("repository", id, name);
    const properties = {
      name,
      projectId: id,
      defaultBranch: "",
      initialization: { initType: "Uninitialized" },
    };
    world.state.things[`Git/${repository}`] = { kind: "Git", id: repository, properties };
    world.state.branches[repository] = {};
    const team = guid("team", id);
    world.state.things[`Team/${team}`] = {
      kind: "Team",
      id: team,
      properties: {
        name: `${name} Team`,
        projectId: id,
        descriptor: `vssgp.${team}`,
        members: [],
        administrators: [],
      },
    };
  }
}

export const projectTypes: Types = {
  Project: {
    inputs: z.strictObject({
      description: anyText.optional(),
      features: someFeatures.optional(),
      name: z.string().min(1).max(64),
      versionControl: z.enum(["Git", "Tfvc"]).default("Git"),
      visibility: z.enum(["private", "public"]).default("private"),
      workItemTemplate: text.default("Agile"),
    }),
    replaces: ["versionControl", "workItemTemplate"],
    unique: [],
    writeRules: [nameIsFree],
    computed: {
      processTemplateId: ({ inputs }) => guid("process", String(inputs.workItemTemplate)),
    },
    effect: begin,
  },
  ProjectFeatures: {
    inputs: z.strictObject({ features: someFeatures, projectId: uuid }),
    replaces: ["projectId"],
    id: ({ inputs }) => String(inputs.projectId),
    references: { projectId: "Project" },
  },
  ProjectPipelineSettings: {
    inputs: z.strictObject({
      enforceJobScope: flag.default(true),
      enforceJobScopeForRelease: flag.default(true),
      enforceReferencedRepoScopedToken: flag.default(true),
      enforceSettableVar: flag.default(true),
      projectId: uuid,
      publishPipelineMetadata: flag.default(false),
      statusBadgesArePrivate: flag.default(true),
    }),
    replaces: ["projectId"],
    id: ({ inputs }) => String(inputs.projectId),
    references: { projectId: "Project" },
  },
};
