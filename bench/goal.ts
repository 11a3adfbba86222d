/** A ratio between two measures of the same run. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit?: string;
  /** The value is a bound: the other side did not get to its end. */
  readonly bound?: boolean;
}

export interface Result {
  readonly title: string;
  readonly lines: readonly string[];
  readonly goals: readonly Goal[];
}

export type Suite = () => Result | Promise<Result>;

export function isMet({ value, atMost, atLeast }: Goal): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
}

/** `met    plan of dev / bare start of the SDK: 1.17 (goal: at most 2)`. */
export function formatGoal(goal: Goal): string {
  const { what, value, atMost, atLeast, unit = "", bound } = goal;
  const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  const found = `${bound ? "more than " : ""}${value.toFixed(2)}${unit}`;
  return `${isMet(goal) ? "met   " : "MISSED"}  ${what}: ${found} (goal: ${wanted}${unit})`;
}
