import { z } from "zod";
import { guid } from "../../ids";
import { refuse } from "../../rules/rule";
import { identities } from "../identities";
import { anyText, excludes, needsOne, text, uuid } from "../inputs";
import type { Facts, Rule, Types } from "../type";

/** learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity. */

const license = z
  .enum(["advanced", "earlyAdopter", "express", "none", "professional", "stakeholder", "basic"])
  .default("express");
const licensing = z
  .enum(["account", "auto", "msdn", "none", "profile", "trial"])
  .default("account");

/** The object id is that of the enterprise application, in the organisation's tenant. */
const principalExists: Rule = ({ world, inputs }) =>
  world.azure.principalExists(String(inputs.originId))
    ? undefined
    : refuse(
        404,
        "ServicePrincipalNotFound",
        `${String(inputs.originId)} is the object id of no service principal in the tenant`,
      );

const membersExist: Rule = ({ world, inputs }) => {
  const known = identities(world).map(({ descriptor }) => descriptor);
  const strangers = [
    ...((inputs.members ?? []) as string[]),
    ...((inputs.administrators ?? []) as string[]),
  ].filter((member) => !known.includes(member));
  return strangers.length === 0
    ? undefined
    : refuse(
        404,
        "Membership",
        `${strangers.join(", ")} is the descriptor of nobody in the organisation`,
      );
};

const groupExists: Rule = ({ world, inputs }) =>
  identities(world).some(({ kind, descriptor }) => kind === "group" && descriptor === inputs.group)
    ? undefined
    : refuse(404, "Membership", `${String(inputs.group)} is the descriptor of no group`);

const groupId = ({ id, inputs }: Facts): string => guid("group", id, String(inputs.displayName));

export const peopleTypes: Types = {
  ServicePrincipalEntitlement: {
    inputs: z.strictObject({
      accountLicenseType: license,
      licensingSource: licensing,
      origin: z.enum(["aad"]).default("aad"),
      originId: uuid,
    }),
    replaces: ["origin", "originId"],
    id: ({ inputs }) => guid("entitlement", String(inputs.originId)),
    writeRules: [principalExists],
    computed: {
      descriptor: ({ inputs }) => `aadsp.${guid("entitlement", String(inputs.originId))}`,
      displayName: ({ inputs }) => `service principal ${String(inputs.originId)}`,
    },
  },
  User: {
    inputs: z.strictObject({
      accountLicenseType: license,
      licensingSource: licensing,
      origin: text.optional(),
      originId: text.optional(),
      principalName: text.optional(),
    }),
    checks: [excludes("principalName", "originId"), needsOne("principalName", "originId")],
    replaces: ["origin", "originId", "principalName"],
    computed: {
      origin: ({ inputs }) => inputs.origin ?? "aad",
      originId: ({ inputs }) => inputs.originId ?? guid("entra", String(inputs.principalName)),
      principalName: ({ inputs }) => inputs.principalName ?? String(inputs.originId),
      descriptor: ({ inputs }) =>
        `aad.${guid("identity", String(inputs.principalName ?? inputs.originId))}`,
    },
  },
  Group: {
    inputs: z.strictObject({
      description: anyText.optional(),
      displayName: text.optional(),
      mail: text.optional(),
      members: z.array(text).optional(),
      originId: text.optional(),
      scope: text.optional(),
    }),
    checks: [
      excludes("displayName", "mail", "originId"),
      needsOne("displayName", "mail", "originId"),
    ],
    replaces: ["mail", "originId", "scope"],
    id: (facts) => `vssgp.${groupId(facts)}`,
    writeRules: [membersExist],
    computed: {
      descriptor: (facts) => `vssgp.${groupId(facts)}`,
      displayName: ({ inputs }) => inputs.displayName ?? inputs.mail ?? inputs.originId,
      domain: ({ world }) => world.settings.organisation,
      groupId,
      mail: ({ inputs }) => inputs.mail ?? "",
      members: ({ inputs }) => inputs.members ?? [],
      origin: ({ inputs }) => (inputs.displayName === undefined ? "aad" : "vsts"),
      originId: (facts) => facts.inputs.originId ?? groupId(facts),
      principalName: ({ inputs }) => String(inputs.displayName ?? inputs.mail ?? inputs.originId),
      subjectKind: () => "group",
      url: (facts) => `${facts.world.settings.organisation}/_apis/graph/groups/${groupId(facts)}`,
    },
  },
  GroupMembership: {
    inputs: z.strictObject({
      group: text,
      members: z.array(text).min(1),
      mode: z.enum(["add", "overwrite"]).default("add"),
    }),
    replaces: ["group"],
    writeRules: [groupExists, membersExist],
  },
  Team: {
    inputs: z.strictObject({
      administrators: z.array(text).optional(),
      description: anyText.optional(),
      members: z.array(text).optional(),
      name: text,
      projectId: uuid,
    }),
    replaces: ["projectId"],
    unique: ["projectId"],
    references: { projectId: "Project" },
    writeRules: [membersExist],
    computed: {
      administrators: ({ inputs }) => inputs.administrators ?? [],
      descriptor: ({ id }) => `vssgp.${id}`,
      members: ({ inputs }) => inputs.members ?? [],
    },
  },
};
