import type { Facts } from "../facts";

/** An answer of Azure that is no success. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly code: string; readonly message: string }[];
}

export function refuse(status: number, code: string, message: string): Refusal {
  return { status, code, message };
}

/** A check of one request. It reads and never writes; undefined lets the request pass. */
export type Rule = (facts: Facts) => Refusal | undefined;

/** A POST on a resource. It may write to the stored body. */
export type Action = (
  facts: Facts,
) => { readonly status: number; readonly body?: unknown } | Refusal;

export function isRefusal(value: object): value is Refusal {
  return "code" in value && "status" in value && "message" in value;
}

/** The first refusal of some rules. */
export function firstRefusal(rules: readonly Rule[], facts: Facts): Refusal | undefined {
  for (const rule of rules) {
    const problem = rule(facts);
    if (problem) return problem;
  }
  return undefined;
}
