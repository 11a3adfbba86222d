import { readFileSync } from "node:fs";
import path from "node:path";
import { modelPrefix } from "../../../config/assets";
import { combine, hashFolder, sha256 } from "../../../config/hash";
import { ensureFolder } from "../../provider/blobFolder";
import type { ResourceManager } from "../../provider/resourceManager";
import type { RunOptions, Task } from "../experiment/place";
import { writeWhole } from "../experiment/files";
import { copyFlow } from "../experiment/prepare";
import type { KeyedRun } from "../experiment/prepare";
import { workerRequest } from "../experiment/worker";
import type { OpenWorkspace } from "../openWorkspace";
import type { CloudConnection } from "./connections";

/** What a job runs: packages/cli/python. */
const CODE = ["job.py", "worker.py"];

/** Sends what jobs read, each content once: a second variant, or a second try, sends its plan alone. */
export class JobInputs {
  constructor(
    private readonly azure: ResourceManager,
    private readonly workspace: OpenWorkspace,
    private readonly options: RunOptions,
    private readonly experimentFlow: string,
    private readonly connections: readonly CloudConnection[],
  ) {}

  /** Addresses of what a job needs for some chunks of one run. */
  async send(run: KeyedRun, tasks: readonly Task[], attempt: number) {
    const { root, flow } = this.options;
    const content = hashFolder(root, this.experimentFlow);
    const copy = path.relative(root, copyFlow(root, this.experimentFlow));
    return {
      code: await this.folder("experiments/code", path.join(__dirname, "../python"), CODE),
      plan: await this.plan(run, tasks, attempt),
      // Where the flow's model goes too: whoever registers these bytes finds them there.
      flow: await this.files(modelPrefix(flow), root, copy.replaceAll("\\", "/"), content),
      data: await this.folder(
        "experiments/data",
        path.dirname(run.data.chunks[0]!.file),
        run.data.chunks.map(({ file }) => path.basename(file)),
      ),
    };
  }

  /** Address of a place in the datastore. */
  uri(place: string): string {
    return this.workspace.uri(place);
  }

  /** What the job does, as packages/cli/python/job.py reads it. */
  private async plan(run: KeyedRun, tasks: readonly Task[], attempt: number): Promise<string> {
    const { root, flow, concurrency, lineSeconds } = this.options;
    const plan = {
      workspace: this.workspace.id,
      connections: this.connections,
      attempt,
      lineSeconds,
      chunks: tasks.map(({ chunk }) => ({
        chunk: chunk.name,
        request: workerRequest(
          {
            variant: run.variant,
            parameters: run.parameters,
            mapping: run.dataset.mappings,
            run: `${run.name}.${chunk.name}`,
          },
          concurrency,
        ),
      })),
    };
    // Keys keep their order: that of the mappings is that of the result's columns.
    const folder = path.join(root, ".genaiops", "plans", flow, `${run.key}-${attempt}`);
    writeWhole(path.join(folder, "plan.json"), `${JSON.stringify(plan)}\n`);
    return this.folder("experiments/plans", folder, ["plan.json"]);
  }

  /** Files that lie flat in one folder, absolute. */
  private async folder(prefix: string, folder: string, names: readonly string[]): Promise<string> {
    const files = Object.fromEntries(
      [...names].sort().map((name) => [name, sha256(readFileSync(path.join(folder, name)))]),
    );
    const content = { files, hash: combine(files) };
    return this.files(prefix, path.dirname(folder), path.basename(folder), content);
  }

  private async files(
    prefix: string,
    root: string,
    source: string,
    content: { files: Readonly<Record<string, string>>; hash: string },
  ): Promise<string> {
    const { account, container } = this.workspace;
    const folder = { account, container, prefix, source, ...content };
    const { signal } = this.options;
    return this.workspace.uri(
      (await ensureFolder(this.azure.cloud, root, folder, { signal })).path,
    );
  }
}
