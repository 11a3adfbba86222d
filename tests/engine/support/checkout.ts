import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { type Document, parseDocument } from "yaml";
import { readEnvironment } from "../../../config/read";
import { openSandboxStack, type SandboxStack } from "../../../packages/cli/sandbox/stack";
import { Azure, type AzureRequest, type AzureState } from "../../../packages/sandbox/azure";
import { findEngine } from "../../../packages/sandbox/engine/pulumi";
import { apiVersion } from "../../../packages/sandbox/translate";
import type { ObservedWrite, ServerSettings } from "../../../packages/sandbox/server";

const repository = resolve(__dirname, "../../..");

/** A property that an operation changed, as the engine tells it: `weights.green`. */
export interface ChangedResource {
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  readonly properties: readonly string[];
}

/** A copy of the repository's data whose stack files a test may edit, run on the real engine. */
export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "genaiops-engine-"));
  readonly directory = join(this.root, ".sandbox");

  constructor(private readonly stack: string) {
    for (const entry of ["Pulumi.yaml", `Pulumi.${stack}.yaml`, "flows", "images"]) {
      cpSync(join(repository, entry), join(this.root, entry), { recursive: true });
    }
    // The provider's path is relative to the project.
    const project = parseDocument(readFileSync(join(this.root, "Pulumi.yaml"), "utf8"));
    project.setIn(["plugins", "providers", 0, "path"], join(repository, "packages/provider"));
    writeFileSync(join(this.root, "Pulumi.yaml"), project.toString());
  }

  /** Edit the stack's settings; paths start below `config`. */
  edit(change: (config: { set(path: (string | number)[], value: unknown): void; delete(path: (string | number)[]): void }) => void): void {
    const file = join(this.root, `Pulumi.${this.stack}.yaml`);
    const document: Document = parseDocument(readFileSync(file, "utf8"));
    change({
      set: (path, value) => document.setIn(["config", ...path], document.createNode(value)),
      delete: (path) => void document.deleteIn(["config", ...path]),
    });
    writeFileSync(file, document.toString());
  }

  /** What somebody does in the portal while no operation runs: the path without its version. */
  behindItsBack(method: AzureRequest["method"], path: string, token: string, body?: unknown): void {
    const file = join(this.directory, "azure.json");
    const stored = JSON.parse(readFileSync(file, "utf8")) as { azure: AzureState };
    const azure = new Azure(stored.azure, { polls: 0 });
    const answer = azure.request({ method, path: `${path}?api-version=${apiVersion(token)}`, body });
    if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
    writeFileSync(file, JSON.stringify(stored));
  }

  /**
   * Stand up the environment with nothing approved, then register version 1 of every flow's model and
   * approve it for this environment, as the pipeline does.
   */
  async approve(): Promise<void> {
    await this.open((run) => run.run("up"));
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

  /** The one resource of a type. */
  find(token: string): { id: string; body: Record<string, unknown> } {
    const state = readState(join(this.directory, "azure.json"));
    const found = Object.values(state.resources).filter((resource) => resource.token === token);
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${token}`);
    return found[0] as { id: string; body: Record<string, unknown> };
  }

  /** Open the stack, run some operations and close it: the simulated Azure lives on in its file. */
  async open<Result>(
    work: (run: Run) => Promise<Result>,
    settings: ServerSettings & { readonly secrets?: Readonly<Record<string, string>> } = {},
  ): Promise<Result> {
    const engine = findEngine();
    if (!engine.found) throw new Error(engine.reason);
    const { secrets, ...server } = settings;
    const writes: ObservedWrite[] = [];
    const sandbox = await openSandboxStack({
      root: this.root,
      stack: this.stack,
      directory: this.directory,
      engineFolder: engine.folder,
      program: () => runProgram(this.root, this.stack),
      ...(secrets ? { secrets } : {}),
      settings: { ...server, observe: (write) => writes.push(write) },
    });
    try {
      return await work(new Run(sandbox, join(this.directory, "azure.json"), writes));
    } finally {
      await sandbox.close();
    }
  }
}

function runProgram(root: string, stack: string): Promise<Record<string, unknown>> {
  const program = require("../../../index") as (options: object) => Promise<Record<string, unknown>>;
  return program({
    environment: readEnvironment({ root, stack, values: pulumi.runtime.allConfig() }),
  });
}

/** One open stack. */
export class Run {
  constructor(
    private readonly sandbox: SandboxStack,
    private readonly stateFile: string,
    /** Every write that reached Resource Manager, in order. */
    readonly writes: ObservedWrite[],
  ) {}

  get stack(): Stack {
    return this.sandbox.stack;
  }

  /** Run one operation; gives what changed, steps that change nothing left out. */
  async run(operation: "preview" | "up" | "refresh" | "destroy"): Promise<{
    readonly summary: Readonly<Record<string, number>>;
    readonly changed: readonly ChangedResource[];
    readonly output: string;
  }> {
    const changed: ChangedResource[] = [];
    let summary: Record<string, number> = {};
    let output = "";
    const onEvent = (event: EngineEvent) => {
      const metadata = event.resourcePreEvent?.metadata;
      if (metadata && metadata.op !== "same" && metadata.type !== "pulumi:pulumi:Stack") {
        changed.push({
          operation: metadata.op,
          type: metadata.type,
          name: metadata.urn.split("::").pop() ?? "",
          properties: Object.keys(metadata.detailedDiff ?? {}).sort(),
        });
      }
      if (event.summaryEvent) summary = event.summaryEvent.resourceChanges as Record<string, number>;
    };
    const options = { onEvent, onOutput: (text: string) => (output += text), color: "never" as const };
    try {
      await this.stack[operation](options as never);
    } catch (error) {
      throw new Error(output.trim() || String(error));
    }
    return { summary, changed, output };
  }

  /** Live routing of the endpoint whose Azure name starts with the flow's. */
  routing(flow: string): { traffic: unknown; mirrorTraffic: unknown; tags: unknown } {
    const { body } = this.endpoint(flow);
    const properties = body["properties"] as Record<string, unknown>;
    return {
      traffic: properties["traffic"],
      mirrorTraffic: properties["mirrorTraffic"],
      tags: body["tags"],
    };
  }

  endpoint(flow: string): { id: string; body: Record<string, unknown> } {
    const found = Object.values(this.state().resources).find(
      ({ token, id }) =>
        token === "azure-native:machinelearningservices:OnlineEndpoint" &&
        id.includes(`/onlineEndpoints/${flow.slice(0, 16)}`),
    );
    if (!found) throw new Error(`no endpoint of flow ${flow}`);
    return found;
  }

  state(): AzureState {
    return readState(this.stateFile);
  }
}

function readState(file: string): AzureState {
  return (JSON.parse(readFileSync(file, "utf8")) as { azure: AzureState }).azure;
}
