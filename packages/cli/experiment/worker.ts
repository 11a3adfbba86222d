import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { ConnectionValue } from "./connections";
import type { Parameters, Variant } from "./plan";

/** One run of prompt flow over a piece of a dataset. */
export interface WorkerRequest {
  /** Folder of the flow, absolute. */
  readonly flow: string;
  readonly variant?: Variant;
  readonly parameters?: Parameters;
  /** JSON Lines files by what a mapping calls them: `data`, `run.outputs`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly mapping: Readonly<Record<string, unknown>>;
  /** Folder that exists; gets `lines.jsonl` and, of an evaluator, `aggregable.jsonl`. */
  readonly out: string;
  /** Name of the run in prompt flow's logs. */
  readonly run: string;
}

/** The metrics of an evaluator over all chunks. */
export interface AggregateRequest {
  readonly flow: string;
  /** Folders that `run` filled, with the index in the dataset of their first line. */
  readonly chunks: readonly { readonly folder: string; readonly from: number }[];
  /** Lines of the dataset, those without an answer included. */
  readonly lines: number;
  readonly resamples: number;
  /** The same seed draws the same lines. */
  readonly seed: string;
  /** Folder that exists; gets `metrics.json`. */
  readonly out: string;
  readonly run: string;
}

export interface WorkerSettings {
  readonly python: string;
  readonly root: string;
  readonly connections: Readonly<Record<string, ConnectionValue>>;
  readonly secrets: readonly string[];
  /** Lines at a time. */
  readonly concurrency: number;
  /** So long may pass without a finished line. */
  readonly lineSeconds: number;
  readonly onLine: (failed: boolean) => void;
  readonly onWait: (text: string) => void;
}

/** Why a run of prompt flow gave no result. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";

  constructor(
    readonly kind: "connection" | "missing-connection" | "flow" | "crash",
    message: string,
  ) {
    super(message);
  }
}

type Event =
  | { event: "ready" }
  | { event: "line"; id: number; failed: boolean }
  | { event: "done"; id: number }
  | { event: "failed"; id: number; kind: WorkerError["kind"]; message: string };

/** A Python process that runs one flow's chunks, one after another. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #log: string[] = [];
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #watch: NodeJS.Timeout | undefined;
  #next = 1;

  constructor(private readonly settings: WorkerSettings) {
    const home = path.join(settings.root, ".genaiops", "promptflow");
    mkdirSync(home, { recursive: true });
    // Prompt flow reads this once, and sends telemetry unless it is told not to.
    writeFileSync(path.join(home, "pf.yaml"), "telemetry:\n  enabled: false\n");
    this.#child = spawn(settings.python, ["-u", path.join(__dirname, "../python/worker.py")], {
      env: pythonEnvironment(home),
      stdio: ["pipe", "pipe", "pipe"],
      // Its own group: Ctrl-C reaches this process alone, which then ends the workers.
      detached: process.platform !== "win32",
    });
    this.#child.once("error", (error) => this.#end(`cannot be started: ${error.message}`));
    this.#child.once("close", (code, signal) => this.#end(`ended with ${signal ?? code}`));
    createInterface({ input: this.#child.stdout! }).on("line", (line) => this.#hear(line));
    createInterface({ input: this.#child.stderr! }).on("line", (line) => this.#note(line));
    // A write to a process that has just died is told by its end.
    this.#child.stdin!.on("error", () => undefined);
    const { connections, secrets } = settings;
    this.#send({ connections, secrets });
  }

  run({ flow, inputs, out, ...request }: WorkerRequest): Promise<void> {
    return this.#ask({ ...workerRequest(request, this.settings.concurrency), flow, inputs, out });
  }

  aggregate(request: AggregateRequest): Promise<void> {
    return this.#ask(request);
  }

  #ask(request: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#wind();
      this.#send({ ...request, id: this.#next++ });
    });
  }

  /** The worker ends when its input does, and takes its own children with it. */
  close(): void {
    clearTimeout(this.#watch);
    this.#child.stdin!.end();
  }

  /** End it at once, with the processes that it has started. */
  kill(): void {
    clearTimeout(this.#watch);
    const { pid } = this.#child;
    if (pid === undefined || process.platform === "win32") {
      this.#child.kill("SIGKILL");
      return;
    }
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      // It has ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  #send(message: object): void {
    this.#child.stdin!.write(`${JSON.stringify(message)}\n`);
  }

  #hear(line: string): void {
    const event = JSON.parse(line) as Event;
    if (event.event === "line") {
      this.#wind();
      this.settings.onLine(event.failed);
    } else if (event.event === "done") this.#settle();
    else if (event.event === "failed") this.#settle(new WorkerError(event.kind, event.message));
  }

  #note(line: string): void {
    const wait = /Back off ([\d.]+) seconds/.exec(line);
    if (wait) {
      this.#wind();
      this.settings.onWait(`waiting ${wait[1]} s for the rate limit`);
    }
    this.#log.push(line);
    if (this.#log.length > 30) this.#log.shift();
  }

  /** Start the clock of the next line anew. */
  #wind(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#settle(
        new WorkerError("flow", `no line was finished within ${this.settings.lineSeconds} s`),
      );
      this.kill();
    }, this.settings.lineSeconds * 1000);
  }

  #settle(error?: WorkerError): void {
    clearTimeout(this.#watch);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(error);
  }

  #end(how: string): void {
    const tail = this.settings.secrets.reduce(
      (text, secret) => text.replaceAll(secret, "[secret]"),
      this.#log.slice(-8).join("\n"),
    );
    this.#settle(
      new WorkerError("crash", `the Python process ${how}${tail === "" ? "" : `:\n${tail}`}`),
    );
  }
}

/** A request as worker.py reads it, but for the places of its files; the same here and in the cloud. */
export function workerRequest(
  { variant, parameters, mapping, run }: Omit<WorkerRequest, "flow" | "inputs" | "out">,
  concurrency: number,
): object {
  return {
    run,
    mapping: { ...mapping, ...parameters?.inputs },
    variant: variant === undefined ? null : [variant.node, variant.variant],
    environment: texts(parameters?.environment),
    init: parameters?.init,
    nodes: nodeOverrides(parameters),
    concurrency,
  };
}

/** What a flow sees of this process: enough to start and to reach the network, and no key by accident. */
export function pythonEnvironment(home: string): NodeJS.ProcessEnv {
  const passed =
    /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|USERPROFILE|.*_PROXY|SSL_CERT_.*|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/i;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => passed.test(name))),
    PF_HOME_DIRECTORY: home,
    // Prompt flow counts tokens by its traces, which stay in the process.
    PF_DISABLE_TRACING: "false",
    APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: "true",
    // A line for each node of each line of data would be most of the work of a quick flow.
    PF_LOGGING_LEVEL: "WARNING",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUTF8: "1",
  };
}

function texts(settings: Parameters["environment"] | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

/** Prompt flow's own way to name a place in flow.dag.yaml. */
function nodeOverrides(parameters: Parameters | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters?.nodes ?? {}).flatMap(([node, settings]) =>
      Object.entries(settings).map(([name, value]) => [`nodes.${node}.inputs.${name}`, value]),
    ),
  );
}
