import { z } from "zod";
import { refuse } from "../../rules/rule";
import { anyText, flag, positive, text, uuid } from "../inputs";
import { identities } from "../identities";
import type { DevOpsType, Rule, Types } from "../type";

/** learn.microsoft.com/azure/devops/pipelines/process/approvals; limits as the provider checks them. */

/** What a check or an authorisation can protect; a repository is `<project id>.<repository id>`. */
export const protectedKinds: Readonly<Record<string, string>> = {
  endpoint: "ServiceEndpointAzureRM",
  environment: "Environment",
  queue: "Queue",
  repository: "Git",
  variablegroup: "VariableGroup",
};

export function protectedThing(type: string, id: string): { kind: string; id: string } {
  return {
    kind: protectedKinds[type] ?? type,
    id: type === "repository" ? (id.split(".").at(-1) ?? id) : id,
  };
}

const month = 43_200;

const targetExists: Rule = ({ inputs, find }) => {
  const type = String(inputs.targetResourceType);
  const target = protectedThing(type, String(inputs.targetResourceId));
  const found = find(target.kind, target.id);
  return found && found.properties.projectId === inputs.projectId
    ? undefined
    : refuse(
        404,
        "CheckTarget",
        `there is no ${type} ${String(inputs.targetResourceId)} in the project to protect`,
      );
};

/** Approvers are identities of the organisation, by id. */
const approversExist: Rule = ({ world, inputs }) => {
  const known = identities(world).map(({ id }) => id);
  const strangers = (inputs.approvers as string[]).filter((id) => !known.includes(id));
  return strangers.length === 0
    ? undefined
    : refuse(
        400,
        "CheckApprovers",
        `${strangers.join(", ")} is no identity of the organisation; resolve e-mails with getIdentityUsers`,
      );
};

const enoughApprovers: Rule = ({ inputs }) =>
  Number(inputs.minimumRequiredApprovers ?? 0) <= (inputs.approvers as string[]).length
    ? undefined
    : refuse(
        400,
        "CheckApprovers",
        `minimumRequiredApprovers is ${String(inputs.minimumRequiredApprovers)}, but there are ${(inputs.approvers as string[]).length} approvers`,
      );

function check(inputs: z.ZodRawShape, timeout: number, rules: readonly Rule[] = []): DevOpsType {
  return {
    inputs: z.strictObject({
      ...inputs,
      projectId: uuid,
      targetResourceId: text,
      targetResourceType: z.enum([
        "endpoint",
        "environment",
        "queue",
        "repository",
        "securefile",
        "variablegroup",
      ]),
      timeout: positive.max(month).default(timeout),
    }),
    replaces: ["projectId", "targetResourceId", "targetResourceType"],
    id: "number",
    references: { projectId: "Project" },
    writeRules: [targetExists, ...rules],
    computed: { version: ({ before }) => Number(before?.properties.version ?? 0) + 1 },
  };
}

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day like 08:00");
const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const displayName = text.default("Managed by Terraform");

export const checkTypes: Types = {
  Environment: {
    inputs: z.strictObject({
      description: anyText.optional(),
      name: text.max(127),
      projectId: uuid,
    }),
    replaces: ["projectId"],
    id: "number",
    unique: ["projectId"],
    references: { projectId: "Project" },
  },
  CheckApproval: check(
    {
      approvers: z.array(uuid).min(1),
      instructions: anyText.optional(),
      minimumRequiredApprovers: positive.optional(),
      requesterCanApprove: flag.default(false),
    },
    month,
    [approversExist, enoughApprovers],
  ),
  CheckBranchControl: check(
    {
      allowedBranches: text.default("*"),
      displayName,
      ignoreUnknownProtectionStatus: flag.default(false),
      verifyBranchProtection: flag.default(false),
    },
    1440,
  ),
  CheckExclusiveLock: check({}, month),
  CheckBusinessHours: check(
    {
      displayName,
      endTime: clock,
      startTime: clock,
      timeZone: text,
      ...Object.fromEntries(days.map((day) => [day, flag.default(false)])),
    },
    1440,
  ),
};
