import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { readEnvironment } from "../../../config/read";
import { Azure, type AzureRequest, type AzureState } from "../../../packages/sandbox/azure";
import { apiVersion } from "../../../packages/sandbox/translate";
import type { Operation, Orders, Outcome } from "./operator";

const repository = resolve(__dirname, "../../..");

/** Paths below `config` of a stack's file. */
type Path = readonly (string | number)[];

export interface StackFile {
  set(path: Path, value: unknown): void;
  delete(path: Path): void;
}

interface Stored {
  readonly id: string;
  readonly body: Record<string, unknown>;
}

/** A copy of the repository's data whose stack files a test may edit, run on the real engine. */
export class Checkout {
  readonly root: string;
  readonly directory: string;

  /** With `beside`, the stack runs from the same files against the same simulated Azure as the other. */
  constructor(
    readonly stack: string,
    beside?: Checkout,
  ) {
    this.root = beside?.root ?? mkdtempSync(join(tmpdir(), "genaiops-engine-"));
    this.directory = join(this.root, ".sandbox");
    const shared = beside ? [] : ["Pulumi.yaml", "flows", "images", "pipelines"];
    for (const entry of [...shared, `Pulumi.${stack}.yaml`]) {
      cpSync(join(repository, entry), join(this.root, entry), { recursive: true });
    }
    if (beside) return;
    // The provider's path is relative to the project.
    const project = parseDocument(readFileSync(join(this.root, "Pulumi.yaml"), "utf8"));
    project.setIn(["plugins", "providers", 0, "path"], join(repository, "packages/provider"));
    writeFileSync(join(this.root, "Pulumi.yaml"), project.toString());
  }

  edit(change: (config: StackFile) => void): void {
    const file = join(this.root, `Pulumi.${this.stack}.yaml`);
    const document = parseDocument(readFileSync(file, "utf8"));
    change({
      set: (path, value) => document.setIn(["config", ...path], document.createNode(value)),
      delete: (path) => void document.deleteIn(["config", ...path]),
    });
    writeFileSync(file, document.toString());
  }

  /** Declare these weights of a flow's arms; the others keep theirs. */
  weigh(flow: string, weights: Readonly<Record<string, number>>): void {
    this.edit((config) => {
      for (const [arm, weight] of Object.entries(weights)) {
        config.set(["flows", flow, "arms", arm, "weight"], weight);
      }
    });
  }

  /** Declare another target of a flow. */
  moveTo(flow: string, target: string): void {
    this.edit((config) => config.set(["flows", flow, "target"], target));
  }

  /** Let the environment build its own image and register its own versions. */
  evaluateHere(): void {
    this.edit((config) => {
      config.delete(["promotion"]);
      config.set(["images"], { promptflow: { build: "images/promptflow" } });
    });
  }

  /** Run one operation; one that fails throws what the engine printed. */
  async run(operation: Operation, orders: Partial<Orders> = {}): Promise<Outcome> {
    const [outcome] = await this.runAll([operation], orders);
    return outcome as Outcome;
  }

  /** Run operations one after another in one process. */
  async runAll(operations: readonly Operation[], orders: Partial<Orders> = {}): Promise<Outcome[]> {
    const { root, stack, directory } = this;
    const child = fork(
      join(__dirname, "operator.ts"),
      [JSON.stringify({ root, stack, directory, ...orders })],
      {
        execArgv: ["--import", require.resolve("tsx")],
        // The provider stands in the repository and would send its files.
        env: { ...process.env, GENAIOPS_ROOT: root },
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      },
    );
    try {
      await answer(child);
      const outcomes: Outcome[] = [];
      for (const operation of operations) {
        child.send(operation);
        const outcome = (await answer(child)) as Outcome;
        if (outcome.failed) throw new Error(outcome.output);
        outcomes.push(outcome);
      }
      child.send("close");
      await once(child, "exit");
      return outcomes;
    } finally {
      child.kill();
    }
  }

  /** What somebody does in the portal while no operation runs; the path stands without its version. */
  behindItsBack(method: AzureRequest["method"], path: string, token: string, body?: unknown): void {
    const file = join(this.directory, "azure.json");
    const stored = JSON.parse(readFileSync(file, "utf8")) as { azure: AzureState };
    const azure = new Azure(stored.azure, { polls: 0 });
    const answered = azure.request({
      method,
      path: `${path}?api-version=${apiVersion(token)}`,
      body,
    });
    if (answered.status >= 400) throw new Error(JSON.stringify(answered.body));
    writeFileSync(file, JSON.stringify(stored));
  }

  /**
   * Stand up the environment with nothing approved, then register version 1 of every flow's model and
   * approve it for this environment, as the pipeline does.
   */
  async approve(): Promise<void> {
    await this.run("up");
    const { flows, stack } = readEnvironment({ root: this.root, stack: this.stack });
    const workspaceId = this.find("azure-native:machinelearningservices:Workspace").id;
    for (const { modelName } of flows) {
      this.behindItsBack(
        "PUT",
        `${workspaceId}/models/${modelName}/versions/1`,
        "azure-native:machinelearningservices:ModelVersion",
        {
          properties: {
            modelType: "custom_model",
            modelUri: `azureml:/${workspaceId}/datastores/workspaceblobstore/paths/models/${modelName}`,
            tags: { [`approved_${stack}`]: "evaluation-1", content_hash: "0".repeat(64) },
          },
        },
      );
    }
  }

  /** Every image that was built and pushed so far, in order. */
  builds(): readonly string[] {
    return this.state().builds ?? [];
  }

  /** ARM ids of everything that stands in the simulated Azure. */
  standing(): string[] {
    return Object.values(this.state().resources).map(({ id }) => id);
  }

  /** The one resource of a type, or the one whose name begins so. */
  find(token: string, beginning = "", resourceGroup = ""): Stored {
    const found = Object.values(this.state().resources).filter(
      (resource) =>
        resource.token === token &&
        nameOf(resource.id).startsWith(beginning) &&
        resource.id.includes(`/resourceGroups/${resourceGroup}`),
    );
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${token}`);
    return found[0] as Stored;
  }

  /** The resource with an ARM id. */
  at(id: string): Stored {
    const found = this.state().resources[id.toLowerCase()];
    if (!found) throw new Error(`there is no ${id}`);
    return found;
  }

  endpoint(flow: string): Stored {
    return this.find("azure-native:machinelearningservices:OnlineEndpoint", flow);
  }

  /** Live weights of the flow's endpoint. */
  traffic(flow: string): unknown {
    return (this.endpoint(flow).body["properties"] as { traffic?: unknown }).traffic;
  }

  private state(): AzureState {
    const text = readFileSync(join(this.directory, "azure.json"), "utf8");
    return (JSON.parse(text) as { azure: AzureState }).azure;
  }
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

async function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((done, fail) => {
    const exited = (code: number | null) => fail(new Error(`the operator ended with ${code}`));
    child.once("exit", exited);
    child.once("message", (message) => {
      child.off("exit", exited);
      done(message);
    });
  });
}
