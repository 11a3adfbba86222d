import path from "node:path";
import pc from "picocolors";
import { ProblemsError } from "../../../config/problem";
import { CommandError, EXIT } from "../exit";
import { readConnections } from "../experiment/connections";
import { connectionProblems } from "../experiment/prepare";
import { withProgress } from "../progress";
import { launcherOf } from "./launch";
import { planServing, type ServePlan, type ServeTarget } from "./plan";
import { type Serving, startServing } from "./serving";

export interface ServeOptions extends ServeTarget {
  readonly port: number;
  readonly seed: number;
  /** Seconds until every arm must be ready. */
  readonly wait: number;
  readonly color: boolean;
  /** Ends the serving. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly print: (text: string) => void;
}

/** Serve a flow until the signal comes. Throws where an arm cannot start or the last arm has ended. */
export async function serveFlow(options: ServeOptions): Promise<void> {
  const { root, flow, signal, say } = options;
  const plan = planServing(options);
  const connections = readConnections(root, plan.experiment.connections, process.env);
  const problems = connectionProblems(plan, connections);
  if (problems.length > 0) throw new ProblemsError(problems);
  const launcher = await launcherOf(root, plan, connections.values, say);
  const serving = await startServing({
    ...plan,
    launcher,
    port: options.port,
    seed: options.seed,
    folder: path.join(root, ".genaiops", "serve", flow),
    secrets: connections.secrets.filter((secret) => secret !== ""),
    onEnd: (arm, how, { tail, logFile }) =>
      say(`the arm ${arm} ${how}; its requests get 503. ${path.relative(root, logFile)}:\n${tail}`),
  });
  try {
    options.print(described(plan, serving, pc.createColors(options.color)));
    const names = serving.arms.map(({ name }) => name).join(", ");
    await withProgress(`starting ${names}`, () => serving.ready(options.wait, signal));
    if (serving.arms.some(({ state }) => state === "ready")) {
      options.print(`ready: ${readyArms(serving)}. Ctrl-C ends it.\n`);
    }
    await Promise.race([serving.over, aborted(signal)]);
    if (!signal.aborted) {
      throw new CommandError("every arm has ended, so nothing is served", EXIT.failed);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await serving.close();
  }
}

const readyArms = ({ arms }: Serving) =>
  arms
    .filter(({ state }) => state === "ready")
    .map(({ name }) => name)
    .join(", ");

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
}

/** Address, arms and notes, before anything is ready. */
function described(
  { flow, arms, mirror, notes }: ServePlan,
  { url, arms: running }: Serving,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const width = Math.max(...arms.map(({ name }) => name.length));
  const lines = arms.map(({ name, weight, variant, environment }, index) => {
    const settings = [
      ...(variant === undefined ? [] : [variant]),
      ...Object.entries(environment).map(([key, value]) => `${key}=${value}`),
      ...(mirror?.arm === name ? [`gets a copy of ${mirror.percent} %`] : []),
    ];
    const share = weight === 0 ? "by name" : `${weight} %`;
    return `  ${name.padEnd(width)}  ${share.padStart(7)}  port ${running[index]!.port}  ${settings.join(", ")}`;
  });
  return [
    `${colors.bold(flow)}  ${colors.cyan(`${url}/score`)}`,
    ...lines.map((line) => line.trimEnd()),
    ...notes.map((note) => colors.yellow(note)),
    "",
  ].join("\n");
}
