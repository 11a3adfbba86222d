import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { parentId } from "../ids";
import { isRecord, setAt, valueAt } from "../paths";
import { datastorePath, ended } from "../rules/job";
import { builtInRoles } from "../rules/roles";
import type { AzureState, StoredResource } from "../state";
import { commitBlob, type BlobState, type ByteFolder } from "./blobStore";
import type { RunCommand } from "./jobCommand";
import { findIdentity, type Grant, holdsRole, mayUseBlobs, type Principal } from "./principals";

const token = "azure-native:machinelearningservices:Job";

/** Why a job fails before its command begins, in words for its log. */
class CannotStart extends Error {}

/**
 * Runs command jobs on this machine: in a folder of its own, with the files of its inputs, the environment
 * variables of its body and tokens of its identity, and nothing else. Outputs are blobs as they are written,
 * whatever becomes of the job, as with mode ReadWriteMount. What a job prints lies in `<folder>/<job>/log.txt`.
 */
export class Jobs {
  private readonly running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  /** What a job shows the token endpoint, and whose tokens it gets. */
  private readonly secrets = new Map<string, Principal>();

  constructor(
    private readonly stored: {
      readonly state: AzureState;
      readonly blobs: BlobState;
      readonly bytes: ByteFolder;
    },
    private readonly settings: {
      readonly folder: string;
      readonly grants: readonly Grant[];
      /** Addresses of the simulated clouds, and the certificate to trust. */
      readonly environment: Readonly<Record<string, string>>;
      readonly run: RunCommand;
      readonly saved: () => Promise<void>;
    },
  ) {
    for (const { token: other, body } of Object.values(stored.state.resources)) {
      if (other === token && !ended(body)) setAt(body, "properties.status", "Failed");
    }
  }

  /** Take up what a request has written: a new job begins, a cancelled one stops. */
  look(id: string): void {
    const job = this.stored.state.resources[id.toLowerCase()];
    if (job?.token !== token) return;
    const status = valueAt(job.body, "properties.status");
    if (status === "CancelRequested") this.running.get(job.id)?.abort.abort();
    if (status !== "NotStarted" || this.running.has(job.id)) return;
    const abort = new AbortController();
    this.running.set(job.id, { abort, done: this.execute(job, abort.signal) });
  }

  /** The principal behind a job's secret, for the token endpoint. */
  principal(secret: string): Principal | undefined {
    return this.secrets.get(secret);
  }

  async close(): Promise<void> {
    const all = [...this.running.values()];
    all.forEach(({ abort }) => abort.abort());
    await Promise.all(all.map(({ done }) => done));
  }

  private async execute(job: StoredResource, signal: AbortSignal): Promise<void> {
    const folder = path.join(this.settings.folder, path.basename(job.id));
    const log = path.join(folder, "log.txt");
    const secret = randomBytes(16).toString("hex");
    let status = "Failed";
    try {
      fs.rmSync(folder, { recursive: true, force: true });
      const work = path.join(folder, "work");
      fs.mkdirSync(work, { recursive: true });
      const identity = this.identity(job);
      this.secrets.set(secret, identity);
      const places = this.bring(job, identity, folder);
      await this.move(job, "Running");
      const code = await this.settings.run({
        command: fill(String(valueAt(job.body, "properties.command")), places),
        environment: { ...this.settings.environment, ...environmentOf(job, secret), HOME: work },
        folder: work,
        log,
        signal,
      });
      this.keep(places);
      status = signal.aborted ? "Canceled" : code === 0 ? "Completed" : "Failed";
    } catch (error) {
      fs.appendFileSync(log, `${error instanceof CannotStart ? error.message : String(error)}\n`);
    }
    this.secrets.delete(secret);
    this.running.delete(job.id);
    await this.move(job, status);
  }

  private async move(job: StoredResource, status: string): Promise<void> {
    setAt(job.body, "properties.status", status);
    await this.settings.saved();
  }

  /** The identity that the job names, with what every job needs of it. */
  private identity(job: StoredResource): Principal {
    const { resources } = this.stored.state;
    const identity = findIdentity(
      this.stored.state,
      String(valueAt(job.body, "properties.identity.clientId")),
    );
    if (!identity) throw new CannotStart("the sandbox runs jobs with a user-assigned identity");
    const workspace = resources[parentId(job.id).toLowerCase()];
    // DOC/how-to-identity-based-service-authentication.md: the compute's identity pulls the image.
    const registry = valueAt(workspace?.body, "properties.containerRegistry");
    const pull = [builtInRoles.AcrPull, builtInRoles.AcrPush];
    if (
      typeof registry === "string" &&
      !holdsRole(this.stored.state, this.settings.grants, identity.objectId, pull, registry)
    ) {
      throw new CannotStart(`the image cannot be pulled: AcrPull is missing on ${registry}`);
    }
    return identity;
  }

  /** Put the files of inputs and outputs into folders. Returns the place of each by `inputs.<name>`. */
  private bring(job: StoredResource, identity: Principal, folder: string): Place[] {
    return (["inputs", "outputs"] as const).flatMap((kind) => {
      const given = valueAt(job.body, `properties.${kind}`);
      return Object.entries(isRecord(given) ? given : {}).map(([name, value]) => {
        const uri = valueAt(value, "uri");
        if (typeof uri !== "string") throw new CannotStart(`${kind}.${name} has no uri`);
        const prefix = this.blobPath(uri, identity, kind === "inputs" ? "read" : "write");
        const place = path.join(folder, kind, name);
        fs.mkdirSync(place, { recursive: true });
        const blobs = Object.entries(this.stored.blobs.blobs).filter(([key]) =>
          key.startsWith(`${prefix}/`),
        );
        if (kind === "inputs" && blobs.length === 0) {
          throw new CannotStart(`inputs.${name}: there is nothing at ${uri}`);
        }
        for (const [key, { hash }] of blobs) {
          const file = path.join(place, key.slice(prefix.length + 1));
          fs.mkdirSync(path.dirname(file), { recursive: true });
          fs.writeFileSync(file, this.stored.bytes.get(hash));
        }
        return { name: `${kind}.${name}`, folder: place, prefix };
      });
    });
  }

  /** `<account>/<container>/<path>` of a datastore's address that the identity may use. */
  private blobPath(uri: string, { objectId }: Principal, access: "read" | "write"): string {
    const [, subscription, group, workspace, datastore, file = ""] = datastorePath.exec(uri) ?? [];
    const { resources } = this.stored.state;
    const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}/datastores/${datastore}`;
    const body = resources[id.toLowerCase()]?.body;
    const [account, container] = ["accountName", "containerName"].map((name) =>
      String(valueAt(body, `properties.${name}`)),
    );
    const storage = Object.values(resources).find(
      (other) =>
        other.token === "azure-native:storage:StorageAccount" &&
        path.basename(other.id) === account,
    );
    const scope = `${storage?.id}/blobServices/default/containers/${container}`;
    if (
      !storage ||
      !mayUseBlobs(this.stored.state, this.settings.grants, objectId, scope, access)
    ) {
      throw new CannotStart(`the job's identity ${objectId} may not ${access} ${uri}`);
    }
    return `${account}/${container}/${file.replace(/\/+$/, "")}`;
  }

  private keep(places: readonly Place[]): void {
    for (const { name, folder, prefix } of places) {
      if (!name.startsWith("outputs.")) continue;
      for (const file of filesBelow(folder)) {
        const bytes = fs.readFileSync(path.join(folder, file));
        const key = `${prefix}/${file}`;
        const hash = createHash("sha256").update(bytes).digest("hex");
        if (this.stored.blobs.blobs[key]?.hash === hash) continue;
        commitBlob(this.stored.blobs, this.stored.bytes, key, bytes, {
          contentType: "application/octet-stream",
          metadata: {},
        });
      }
    }
  }
}

interface Place {
  readonly name: string;
  readonly folder: string;
  readonly prefix: string;
}

function fill(command: string, places: readonly Place[]): string {
  return command.replace(
    /\$\{\{\s*([\w.-]+)\s*\}\}/g,
    (text, name: string) => places.find((place) => place.name === name)?.folder ?? text,
  );
}

/** What a job finds in its environment: its own variables, and where its identity's tokens are. */
function environmentOf(job: StoredResource, secret: string): Record<string, string> {
  const own = valueAt(job.body, "properties.environmentVariables");
  return {
    AZUREML_RUN_ID: path.basename(job.id),
    MSI_SECRET: secret,
    ...(isRecord(own) ? (own as Record<string, string>) : {}),
  };
}

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll("\\", "/"));
}
