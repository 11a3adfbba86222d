import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseDocument } from "yaml";
import { managedPython } from "../packages/cli/experiment/python";
import { startModelStandIn } from "../packages/model-stand-in/server";
import type { Result } from "./goal";

const root = path.join(__dirname, "..");
const FLOW = "named-entity-recognition";
/** Milliseconds. A quick model, since the slower it is, the less any overhead weighs; and one that is waited for. */
const QUICK = 200;
const USUAL = 600;
const LINES_AT_A_TIME = 4;
const ROUNDS = 3;

/**
 * `genaiops run` beside `pf run create` for the same work: one run of one variant over the same lines, as many
 * lines at a time; and eight variants in parallel beside one after another. The sides take turns.
 */
export async function experiment(): Promise<Result> {
  const python = await managedPython({ root, requirements: [], say: console.error });
  const standIn = await startModelStandIn({ latencyMilliseconds: QUICK });
  const folder = mkdtempSync(path.join(tmpdir(), "genaiops-bench-"));
  const bench = new Bench(folder, python, standIn.url);
  try {
    bench.prepare();
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(await bench.promptFlow());
      ours.push(await bench.genaiops("one", 1));
    }
    standIn.configure({ latencyMilliseconds: USUAL });
    const inTurn = await bench.genaiops("eight", 1);
    const parallel = await bench.genaiops("eight", 8);
    const [our, their] = [median(ours), median(theirs)];
    return {
      title: "experiments on the real prompt flow",
      lines: [
        `one run of 44 lines, ${QUICK} ms a request: pf run create ${their.toFixed(1)} s, genaiops run ${our.toFixed(1)} s (medians of ${ROUNDS})`,
        `eight variants over 44 lines, ${USUAL} ms a request: one after another ${inTurn.toFixed(1)} s, eight at a time ${parallel.toFixed(1)} s`,
      ],
      goals: [
        { what: "genaiops run / pf run create, the same work", value: our / their, atMost: 1.05 },
        {
          what: "eight variants one after another / in parallel",
          value: inTurn / parallel,
          atLeast: 2,
        },
      ],
    };
  } finally {
    await standIn.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

class Bench {
  constructor(
    private readonly folder: string,
    private readonly python: string,
    private readonly url: string,
  ) {}

  /** Two repositories, with one variant and with eight, and prompt flow's own connection for its own command. */
  prepare(): void {
    for (const [name, count] of [
      ["one", 1],
      ["eight", 8],
    ] as const) {
      const target = this.flow(name);
      cpSync(path.join(root, "flows", FLOW), target, { recursive: true });
      writeFileSync(
        path.join(target, "flow.dag.yaml"),
        variants(path.join(target, "flow.dag.yaml"), count),
      );
    }
    const connection = path.join(this.folder, "connection.yaml");
    writeFileSync(
      connection,
      `name: aoai\ntype: azure_open_ai\napi_key: stand-in\napi_base: ${this.url}\napi_type: azure\napi_version: "2024-10-21"\n`,
    );
    this.pf(["config", "set", "telemetry.enabled=false", "trace.destination=none"]);
    this.pf(["connection", "create", "--file", connection]);
  }

  promptFlow(): Promise<number> {
    const flow = this.flow("one");
    return timed(
      this.python,
      this.pfArguments([
        ...["run", "create", "--flow", flow, "--data", path.join(flow, "data/sentences.jsonl")],
        ...["--column-mapping", "text=${data.text}", "entity_type=${data.entity_type}"],
      ]),
      this.environment(),
    );
  }

  /** From the start: nothing of an earlier round is reused. */
  genaiops(repository: string, parallel: number): Promise<number> {
    const cwd = path.join(this.folder, repository);
    rmSync(path.join(cwd, ".genaiops"), { recursive: true, force: true });
    return timed(
      process.execPath,
      [
        path.join(root, "packages/cli/bin/genaiops.js"),
        ...["run", FLOW, "--env", "dev", "--cwd", cwd, "--parallel", String(parallel)],
        ...["--lines", String(LINES_AT_A_TIME)],
      ],
      {
        ...process.env,
        GENAIOPS_PYTHON: this.python,
        AOAI_API_KEY: "stand-in",
        AOAI_API_BASE: this.url,
      },
    );
  }

  private flow(repository: string): string {
    return path.join(this.folder, repository, "flows", FLOW);
  }

  private pfArguments(args: readonly string[]): string[] {
    return ["-m", "promptflow._cli._pf.entry", ...args];
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PF_HOME_DIRECTORY: path.join(this.folder, "promptflow"),
      PYTHON_KEYRING_BACKEND: "keyrings.alt.file.PlaintextKeyring",
      PF_WORKER_COUNT: String(LINES_AT_A_TIME),
    };
  }

  private pf(args: readonly string[]): void {
    const { status, stderr } = spawnSync(this.python, this.pfArguments(args), {
      env: this.environment(),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`pf ${args[0]} ended with ${status}: ${stderr}`);
  }
}

/** The flow with so many variants of its one node, all alike. */
function variants(file: string, count: number): string {
  const document = parseDocument(readFileSync(file, "utf8"));
  const at = ["node_variants", "extract_entities", "variants"];
  const variant = (document.toJS() as { node_variants: Record<string, { variants: object }> })
    .node_variants.extract_entities!.variants as Record<string, unknown>;
  const names = Array.from({ length: count }, (_, index) => `variant_${index + 1}`);
  document.setIn(
    at,
    document.createNode(Object.fromEntries(names.map((name) => [name, variant.variant_1])), {
      aliasDuplicateObjects: false,
    }),
  );
  return document.toString();
}

/** Without blocking this process, which serves the model. */
function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let err = "";
  child.stderr.on("data", (text) => (err += text));
  return new Promise((done, fail) => {
    child.once("close", (code) => {
      if (code === 0) done((performance.now() - started) / 1000);
      else fail(new Error(`${path.basename(command)} ended with ${code}: ${err.slice(-800)}`));
    });
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
