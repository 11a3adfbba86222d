import { identities } from "../devops/identities";
import type { Stored } from "../devops/state";
import { policiesOn, shortBranch, things } from "../devops/store";
import type { World } from "../devops/type";
import type { RunFacts } from "./predefined";
import { nameOf, type Used } from "./resources";

/**
 * Checks in front of a stage: learn.microsoft.com/azure/devops/pipelines/process/approvals. Branch control
 * comes first, then approvals, then the exclusive lock. A stage whose check is refused fails; one that
 * nobody approved in time is skipped.
 */

/** What a person does about a question; nobody answers where it is undefined. */
export interface Answer {
  readonly approve: boolean;
  readonly afterMinutes: number;
  /** E-mail. */
  readonly by: string;
}

export interface Question {
  readonly facts: RunFacts;
  readonly stage: string;
  /** What is protected, `environment genaiops-prod`. */
  readonly of: string;
  readonly instructions: string;
  /** Ids of those who may answer. */
  readonly approvers: readonly string[];
}

export type Ask = (question: Question) => Answer | undefined;

export type Passed =
  | { readonly passed: true; readonly minutes: number }
  | {
      readonly passed: false;
      readonly minutes: number;
      readonly skipped: boolean;
      readonly why: string;
    };

export function checksOf(
  world: World,
  kind: string,
  used: readonly Used[],
): { check: Stored; on: Used }[] {
  return used.flatMap((on) =>
    things(world.state, kind)
      .filter(
        ({ properties }) =>
          properties.targetResourceType === on.type &&
          String(properties.targetResourceId) === on.thing.id,
      )
      .map((check) => ({ check, on })),
  );
}

/** Branch control and approvals; minutes are those that the stage waited. */
export function pass(
  world: World,
  facts: RunFacts,
  stage: string,
  used: readonly Used[],
  ask: Ask,
): Passed {
  for (const { check, on } of checksOf(world, "CheckBranchControl", used)) {
    const why = branchRefusal(world, facts, check);
    if (why) return { passed: false, minutes: 0, skipped: false, why: `${nameOf(on)}: ${why}` };
  }
  let minutes = 0;
  for (const { check, on } of checksOf(world, "CheckApproval", used)) {
    const asked = approve(world, facts, { stage, of: nameOf(on), check }, ask);
    // Several questions are put at the same time.
    minutes = Math.max(minutes, asked.minutes);
    if (!asked.passed) return asked;
  }
  return { passed: true, minutes };
}

function branchRefusal(world: World, facts: RunFacts, { properties }: Stored): string | undefined {
  const allowed = String(properties.allowedBranches).split(",");
  const branch = facts.sourceBranch;
  if (!allowed.some((pattern) => matches(pattern.trim(), branch)))
    return `${branch} is not among ${allowed.join(", ")}`;
  const repository = things(world.state, "Git").find(({ id }) => id === facts.repository.id);
  const guarded = repository && policiesOn(world.state, repository, shortBranch(branch)).length > 0;
  return properties.verifyBranchProtection === true && !guarded
    ? `${branch} has no policies`
    : undefined;
}

/** `*` stands for anything. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(text);
}

function approve(
  world: World,
  facts: RunFacts,
  { stage, of, check }: { stage: string; of: string; check: Stored },
  ask: Ask,
): Passed {
  const { approvers, instructions, timeout, requesterCanApprove } = check.properties;
  const allowed = approvers as string[];
  const question: Question = {
    facts,
    stage,
    of,
    instructions: String(instructions ?? ""),
    approvers: allowed,
  };
  const answer = ask(question);
  const limit = Number(timeout);
  const mayAnswer = (mail: string) =>
    (requesterCanApprove === true || mail !== facts.requestedFor) &&
    identities(world).some(({ id, mail: own }) => own === mail && allowed.includes(id));
  if (!answer || answer.afterMinutes > limit || !mayAnswer(answer.by))
    return {
      passed: false,
      minutes: limit,
      skipped: true,
      why: `${of}: nobody who may approve did so within ${limit} minutes`,
    };
  if (answer.approve) return { passed: true, minutes: answer.afterMinutes };
  return {
    passed: false,
    minutes: answer.afterMinutes,
    skipped: false,
    why: `${of}: ${answer.by} rejected the stage`,
  };
}
