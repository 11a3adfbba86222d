import type { ArmWindow, Minute } from "../../../packages/cli/rollout/armWindow";
import { compareArms, METRICS } from "../../../packages/cli/rollout/compareArms";
import { decide, LOOKS_PER_STEP, type Decision } from "../../../packages/cli/rollout/decide";

// In jest's context every look-up of Math costs more than the function itself; these run millions of times.
const { cos, exp, imul, log, sqrt, PI } = Math;

/** Numbers from 0 up to 1 that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Imagined arms for the rule alone: no Azure, no waiting. */
export interface Behaviour {
  /** Milliseconds of one request, drawn with a standard normal and a uniform number. */
  readonly latency: (normal: number, uniform: number) => number;
  readonly failing: number;
  readonly tokens: number;
  readonly liked: number;
}

/** Median 800 ms and a long tail, as requests to a language model have. */
export const usual: Behaviour = {
  latency: (normal) => 800 * exp(0.6 * normal),
  failing: 0.004,
  tokens: 500,
  liked: 0.8,
};

export const rule = {
  falseAlarms: 0.05,
  margins: { p95: 0.2, "5xx": 0.01, tokens: 0.2, feedback: 0.1 },
  metrics: METRICS,
  steps: 2,
};
const minimum = { requests: 50, minutes: 5, feedback: 30 };
const minutesPerLook = 5;

export class Arm {
  readonly minutes: Minute[] = [];
  readonly #scores: number[] = [];

  constructor(
    readonly name: string,
    private readonly behaviour: Behaviour,
    private readonly random: () => number,
  ) {}

  serve(time: number, expected: number, slowHour: number): void {
    const normal = () => sqrt(-2 * log(1 - this.random())) * cos(2 * PI * this.random());
    const requests = Math.max(0, Math.round(expected + normal() * sqrt(expected)));
    const { latency, failing, tokens, liked } = this.behaviour;
    const times = Float64Array.from(
      { length: requests },
      () => slowHour * latency(normal(), this.random()),
    ).sort();
    let failed = 0;
    for (let request = 0; request < requests; request += 1) {
      if (this.random() < failing) failed += 1;
      else if (this.random() < 0.3) this.#scores.push(this.random() < liked ? 1 : 0);
    }
    const answered = requests - failed;
    // The sum of many requests, each with a deviation of 0.4 of the mean.
    const sum = tokens * (answered + 0.4 * sqrt(answered) * normal());
    const at = (share: number) => {
      const place = (requests - 1) * share;
      const [below, above] = [times[Math.floor(place)]!, times[Math.ceil(place)]!];
      return below + (above - below) * (place - Math.floor(place));
    };
    this.minutes.push({
      ...{ time, requests, failed, throttled: 0 },
      ...(requests > 0 && {
        latency: { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) },
      }),
      ...(answered > 0 && { tokens: { sum, requests: answered } }),
    });
  }

  get window(): ArmWindow {
    const count = this.#scores.length;
    const mean = this.#scores.reduce((sum, score) => sum + score, 0) / count;
    const squares = this.#scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
    const feedback = { count, mean, deviation: sqrt(squares / (count - 1)) };
    return { arm: this.name, minutes: this.minutes, feedback };
  }
}

export interface Simulated {
  readonly end: "complete" | "held" | "rolled back";
  readonly equal: boolean;
  /** Metrics that were found worse. */
  readonly worse: readonly string[];
}

/** A whole roll-out at 10 and 50 percent by the rule, with the arms' drift of a busy day. */
export function simulate(
  seed: number,
  green: Partial<Behaviour>,
  { perMinute = 300, blue = usual, steps = [10, 50] } = {},
): Simulated {
  const random = seeded(seed);
  let equal = true;
  for (const step of steps) {
    const arms = [
      { arm: new Arm("blue", blue, random), share: 1 - step / 100 },
      { arm: new Arm("green", { ...blue, ...green }, random), share: step / 100 },
    ];
    let decision: Decision | undefined;
    for (let look = 1; look <= LOOKS_PER_STEP; look += 1) {
      for (let minute = 0; minute < minutesPerLook; minute += 1) {
        const time = (look - 1) * minutesPerLook + minute;
        const slowHour = exp(0.3 * Math.sin(time / 3));
        for (const { arm, share } of arms) arm.serve(time, perMinute * share, slowHour);
      }
      const [base, candidate] = arms.map(({ arm }) => arm.window) as [ArmWindow, ArmWindow];
      decision = decide(compareArms(base, candidate, METRICS, minimum), rule, look);
      if (decision.verdict !== "hold") break;
    }
    if (decision?.verdict === "roll back") {
      const worse = decision.judged.filter(({ finding }) => finding === "worse");
      return { end: "rolled back", equal: false, worse: worse.map(({ metric }) => metric) };
    }
    if (decision?.verdict !== "go") return { end: "held", equal: false, worse: [] };
    equal &&= decision.equal;
  }
  return { end: "complete", equal, worse: [] };
}
