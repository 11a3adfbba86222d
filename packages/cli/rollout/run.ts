import type { Clock } from "../clock";
import { CommandError, EXIT, type ExitCode } from "../exit";
import type { ArmWindow } from "./armWindow";
import { compareArms, type MetricName, type Minimum } from "./compareArms";
import { decide, LOOKS_PER_BAKE, LOOKS_PER_STEP, type Decision, type Rule } from "./decide";
import { type Journal, writeJournal } from "./journal";
import { weightsAt } from "./plan";
import type { Publisher } from "./publish";
import { decisionText, weightsText } from "./text";
import type { WeightsFile } from "./weightsFile";

type Weights = Readonly<Record<string, number>>;

/** The endpoint in Azure. */
export interface LiveEndpoint {
  weights(): Promise<Weights>;
  /** Write the routing at once, past Pulumi; the next update finds it as declared. */
  write(weights: Weights): Promise<void>;
}

export interface Telemetry {
  /** What the arms did from one whole minute up to another. */
  windows(arms: readonly string[], from: number, to: number): Promise<ArmWindow[]>;
}

/** Everything that a roll-out does outside of itself. */
export interface Edges {
  readonly clock: Clock;
  readonly endpoint: LiveEndpoint;
  readonly telemetry: Telemetry;
  readonly publisher: Publisher;
  readonly file: WeightsFile;
  readonly journalFile: string;
  readonly say: (text: string) => void;
}

export interface RolloutRule extends Pick<Rule, "falseAlarms" | "margins"> {
  readonly minimum: Minimum;
  /** A roll-back writes the endpoint's weights first. */
  readonly auto: boolean;
  /** Metrics that the caller named are waited for; others are left out where neither arm has numbers. */
  readonly metricsNamed: boolean;
  /** Minutes within which somebody must have deployed a step. */
  readonly deployMinutes: number;
}

const MINUTE = 60_000;
/** Between two looks at the endpoint's weights. */
const POLL = 15_000;
/** Azure Monitor has a minute's numbers within three minutes: azure-monitor, platform metrics, latency. */
const LAG = 3 * MINUTE;

/** Take one roll-out to its end, from wherever its journal says that it stands. */
export async function runRollout(
  start: Journal,
  rule: RolloutRule,
  edges: Edges,
): Promise<ExitCode> {
  let journal = start;
  const keep = (change: Partial<Journal>) => {
    journal = { ...journal, ...change };
    writeJournal(edges.journalFile, journal);
  };
  keep({});
  const complete = (percent: number, compared: boolean) => {
    const { to, base, equal } = journal;
    const same =
      compared && equal ? `; in every step ${to} and ${base} were equal within the margins` : "";
    edges.say(`complete: ${to} has ${percent} % of the requests${same}`);
    keep({ ended: "complete" });
    return EXIT.ok;
  };
  while (journal.rollBack === undefined) {
    const percent = journal.steps[journal.step] as number;
    await takeStep(journal, percent, rule, edges, keep);
    if (percent === 100) return complete(percent, journal.step > 0);
    const decision = await bake(() => journal, percent, rule, edges, keep);
    if (decision?.verdict === "roll back") {
      keep({ rollBack: { reason: decisionText(decision, journal.base, journal.to) } });
    } else if (decision?.verdict !== "go") {
      edges.say(
        `held: the weights stay at ${weightsText(weightsAt(journal, percent))}, since not enough is known to go on; ` +
          "let more requests come or allow wider margins, then run this again: a new roll-out begins from here",
      );
      keep({ ended: "held" });
      return EXIT.failed;
    } else {
      keep({ equal: journal.equal && decision.equal });
      if (journal.step + 1 === journal.steps.length) return complete(percent, true);
      keep({ step: journal.step + 1, liveSince: undefined, looks: 0 });
    }
  }
  await rollBack(journal, journal.rollBack.reason, rule, edges);
  keep({ ended: "rolled back" });
  return EXIT.refused;
}

type Keep = (change: Partial<Journal>) => void;

/** Bring the weights of a step into the file, into the history and onto the endpoint, as far as they are not there. */
async function takeStep(
  journal: Journal,
  percent: number,
  rule: RolloutRule,
  edges: Edges,
  keep: Keep,
): Promise<void> {
  const weights = weightsAt(journal, percent);
  if (edges.file.write(weights)) edges.say(`${edges.file.name}: ${weightsText(weights)}`);
  await edges.publisher.publish(
    edges.file.name,
    `${journal.flow} ${journal.environment}: ${journal.to} at ${percent} percent`,
    `Step ${journal.step + 1} of ${journal.steps.length}: ${weightsText(weights)}.`,
  );
  if (journal.liveSince !== undefined) return;
  await untilLive(weights, rule, edges);
  keep({ liveSince: edges.clock.now() });
}

async function untilLive(
  weights: Weights,
  rule: RolloutRule,
  { clock, endpoint, say }: Edges,
): Promise<void> {
  const end = clock.now() + rule.deployMinutes * MINUTE;
  for (let told = false; ; told = true) {
    const live = await endpoint.weights();
    if (sameWeights(live, weights)) return;
    if (clock.now() >= end) {
      throw new CommandError(
        `The endpoint still routes ${weightsText(live)} after ${rule.deployMinutes} minutes, wanted ${weightsText(weights)}; see why it was not deployed, then run this again: it goes on from here`,
        EXIT.failed,
      );
    }
    if (!told)
      say(`waiting for the endpoint to route ${weightsText(weights)}; now ${weightsText(live)}`);
    await clock.sleep(POLL);
  }
}

/** Look at the numbers again and again until they say something; undefined when the step's looks are used up. */
async function bake(
  state: () => Journal,
  percent: number,
  rule: RolloutRule,
  edges: Edges,
  keep: Keep,
): Promise<Decision | undefined> {
  const { base, to, liveSince = 0, bakeMinutes } = state();
  // The minute after the change still holds requests of the old routing.
  const from = Math.ceil(liveSince / MINUTE) * MINUTE + MINUTE;
  let last: Decision | undefined;
  while (state().looks < LOOKS_PER_STEP) {
    const look = state().looks + 1;
    const until = from + Math.floor((look * bakeMinutes) / LOOKS_PER_BAKE) * MINUTE;
    await edges.clock.sleep(Math.max(0, until + LAG - edges.clock.now()));
    const live = await edges.endpoint.weights();
    const wanted = weightsAt(state(), percent);
    if (!sameWeights(live, wanted)) {
      throw new CommandError(
        `Somebody else changed the endpoint's weights to ${weightsText(live)} while ${weightsText(wanted)} was compared; deploy ${edges.file.name} again or remove ${edges.journalFile} to give the roll-out up`,
        EXIT.refused,
      );
    }
    // The window follows from the look: taken again after an interruption, it finds the same numbers.
    const [one, other] = await edges.telemetry.windows([base, to], from, until);
    last = lookAt(one as ArmWindow, other as ArmWindow, look, state(), rule);
    edges.say(
      `${to} at ${percent} %, look ${look} of ${LOOKS_PER_STEP}: ${decisionText(last, base, to)}`,
    );
    if (last.verdict !== "hold") return last;
    keep({ looks: look });
  }
  return last;
}

function lookAt(
  base: ArmWindow,
  candidate: ArmWindow,
  look: number,
  { steps, metrics }: Journal,
  rule: RolloutRule,
): Decision {
  const names = metrics as readonly MetricName[];
  const comparisons = compareArms(base, candidate, names, rule.minimum);
  // The threshold is shared by every metric asked for, whether or not it has numbers today.
  const shared = { ...rule, metrics: names, steps: steps.filter((step) => step < 100).length };
  const seen = comparisons.filter(({ absent }) => rule.metricsNamed || !absent);
  return decide(seen, shared, look);
}

/** Give the arm's share back to the others; with `auto` on the endpoint first and in the history after. */
async function rollBack(
  journal: Journal,
  reason: string,
  rule: RolloutRule,
  edges: Edges,
): Promise<void> {
  const weights = weightsAt(journal, 0);
  if (rule.auto && !sameWeights(await edges.endpoint.weights(), weights)) {
    await edges.endpoint.write(weights);
    edges.say(`rolled back: the endpoint routes ${weightsText(weights)}`);
  }
  if (edges.file.write(weights)) edges.say(`${edges.file.name}: ${weightsText(weights)}`);
  await edges.publisher.publish(
    edges.file.name,
    `${journal.flow} ${journal.environment}: ${journal.to} rolled back`,
    reason,
  );
  await untilLive(weights, rule, edges);
  edges.say(`rolled back: ${journal.to} gets no requests`);
}

/** Arms that are not named have weight 0. */
function sameWeights(one: Weights, other: Weights): boolean {
  const arms = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...arms].every((arm) => (one[arm] ?? 0) === (other[arm] ?? 0));
}
