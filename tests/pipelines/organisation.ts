import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Agent } from "../../packages/sandbox/pipelines/agent";
import { checkoutFrom } from "../../packages/sandbox/pipelines/checkout";
import type { Ask } from "../../packages/sandbox/pipelines/checks";
import { Locks } from "../../packages/sandbox/pipelines/locks";
import type { RunFacts } from "../../packages/sandbox/pipelines/predefined";
import { loadPipeline, runPipeline, type Run } from "../../packages/sandbox/pipelines/run";
import {
  askedOfPullRequest,
  scheduledAt,
  startedByPush,
} from "../../packages/sandbox/pipelines/triggers";
import { create, isRefusal } from "../../packages/sandbox/devops/devops";
import { begin, complete, push } from "../../packages/sandbox/devops/push";
import type { Stored } from "../../packages/sandbox/devops/state";
import { things } from "../../packages/sandbox/devops/store";
import type { World } from "../../packages/sandbox/devops/type";
import { organisationOf, type Plan } from "./declared";
import { filesOfCheckout, planOf, withTwoFlows, writeRepository, type Files } from "./repository";
import { StandIns } from "./standIns";
import { ACCESS_TOKEN, mayComment, threads } from "./threads";

/** The declared organisation with an agent, in which people push and pipelines run. */

export const author = "author@contoso.com";
export const approver = "approver@contoso.com";
export const FEDERATED_TOKEN = "canary-federated-token-83d2";

type Changes = Readonly<Record<string, string>>;

/** Plans of both stacks and the files that they are of; made once for a test file. */
export interface Declared {
  readonly files: Files;
  readonly plans: readonly Plan[];
}

export function declare(): Declared {
  const files = withTwoFlows(filesOfCheckout());
  const folder = mkdtempSync(join(tmpdir(), "pipelines-repository-"));
  writeRepository(folder, files);
  try {
    return { files, plans: ["dev", "prod"].map((stack) => planOf(folder, stack)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export class Organisation {
  readonly world: World;
  readonly repository: Stored;
  readonly standIns: StandIns;
  /** Comments on pull requests, as they were sent. */
  readonly comments: string[] = [];
  readonly runs: Run[] = [];
  /** What people answer to questions; nobody does by default. */
  ask: Ask = () => undefined;
  readonly #agent: Agent;
  readonly #folder = mkdtempSync(join(tmpdir(), "pipelines-agent-"));
  readonly locks = new Locks();
  readonly #server: Server;
  #builds = 100;

  static async of(declared: Declared): Promise<Organisation> {
    const made = new Organisation(declared);
    await once(made.#server, "listening");
    return made;
  }

  private constructor({ files, plans }: Declared) {
    const { url } = (
      parse(files["Pulumi.dev.yaml"] as string) as {
        config: { devops: { repository: { url: string } } };
      }
    ).config.devops.repository;
    this.world = organisationOf(plans, {
      people: [
        { mail: author, name: "Author" },
        { mail: approver, name: "Approver" },
      ],
      imports: { [url]: { main: { ...files }, development: { ...files } } },
    });
    const [repository] = things(this.world.state, "Git");
    if (!repository) throw new Error("the plans declare no repository");
    this.repository = repository;
    const folder = this.#folder;
    this.standIns = new StandIns(join(folder, "bin"));
    this.#agent = {
      work: join(folder, "work"),
      environment: {
        PATH: `${this.standIns.folder}:${process.env.PATH}`,
        HOME: folder,
        NO_COLOR: "1",
      },
      checkout: checkoutFrom(this.world, folder),
      federatedToken: ({ id }) => `${FEDERATED_TOKEN}-${id}`,
      accessToken: ACCESS_TOKEN,
    };
    this.#server = threads(this.comments, () => mayComment(this.world)).listen(0, "127.0.0.1");
  }

  close(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true });
  }

  branch(name: string, refBranch: string): void {
    const made = create(this.world, "azuredevops:index/gitRepositoryBranch:GitRepositoryBranch", {
      name,
      refBranch,
      repositoryId: this.repository.id,
    });
    if (isRefusal(made)) throw new Error(made.message);
  }

  /** A branch that somebody in a group begins by a push; undefined, or why it is refused. */
  begin(name: string, files: Files, group: string): string | undefined {
    const begun = begin(this.world, this.repository.id, name, files, [group]);
    return "commit" in begun ? undefined : begun.message;
  }

  /** A push by a person; undefined, or why it is refused. */
  push(branch: string, write: Changes): string | undefined {
    const pushed = push(this.world, this.repository.id, branch, { write });
    return "commit" in pushed ? undefined : pushed.message;
  }

  /** Runs what the policies of the target ask for. */
  async pullRequest(source: string, target: string, changes: Changes): Promise<Run[]> {
    const asked = askedOfPullRequest(this.world, this.#changed(target, changes));
    const id = ++this.#builds;
    const pullRequest = { id, source: `refs/heads/${source}`, target: `refs/heads/${target}` };
    return Promise.all(
      asked.map((definition) =>
        this.run(definition, {
          reason: "PullRequest",
          sourceBranch: `refs/pull/${id}/merge`,
          pullRequest,
        }),
      ),
    );
  }

  /** Completes a pull request and runs what the merge starts, all at a time. */
  async merge(target: string, changes: Changes): Promise<Run[]> {
    complete(this.world, this.repository.id, target, { write: changes });
    const started = startedByPush(this.world, this.#changed(target, changes));
    const sourceBranch = `refs/heads/${target}`;
    return Promise.all(
      started.map((definition) => this.run(definition, { reason: "IndividualCI", sourceBranch })),
    );
  }

  /** Holds the environment's lock while work begins, until so many runs have asked for it. */
  async whileLocked<T>(environment: string, waiting: number, begin: () => Promise<T>): Promise<T> {
    const [id] = things(this.world.state, "Environment")
      .filter(({ properties }) => properties.name === environment)
      .map((found) => found.id);
    const lock = things(this.world.state, "CheckExclusiveLock").find(
      ({ properties }) => String(properties.targetResourceId) === id,
    );
    if (!lock) throw new Error(`no lock on ${environment} is declared`);
    await this.locks.take(lock.id, "sequential");
    const done = begin();
    while (this.locks.asked(lock.id) < waiting + 1) await pause();
    this.locks.release(lock.id);
    return done;
  }

  async night(hour: number): Promise<Run[]> {
    const runs: Run[] = [];
    for (const { definition, branch } of scheduledAt(this.world, this.repository.id, hour))
      runs.push(
        await this.run(definition, { reason: "Schedule", sourceBranch: `refs/heads/${branch}` }),
      );
    return runs;
  }

  definition(name: string): Stored {
    const found = things(this.world.state, "BuildDefinition").find(
      ({ properties }) => properties.name === name,
    );
    if (!found) throw new Error(`no pipeline ${name} is declared`);
    return found;
  }

  async run(
    definition: Stored,
    facts: Pick<RunFacts, "reason" | "sourceBranch" | "pullRequest">,
    files = this.filesOf(facts),
  ): Promise<Run> {
    const run = await runPipeline({
      world: this.world,
      definition,
      facts: this.facts(definition, facts),
      source: { read: (path) => files[path] },
      agent: this.#agent,
      locks: this.locks,
      ask: this.ask,
    });
    this.runs.push(run);
    return run;
  }

  /** Everything that somebody could read afterwards. */
  told(): string {
    return [
      ...this.runs.map(({ log, stages }) => log + JSON.stringify(stages)),
      ...this.comments,
      ...this.standIns.calls().map(({ line }) => line),
    ].join("\n");
  }

  /** The pipeline as a run of this kind would expand it. */
  load(name: string, facts: Pick<RunFacts, "reason" | "sourceBranch" | "pullRequest">) {
    const definition = this.definition(name);
    const files = this.filesOf({ sourceBranch: "refs/heads/development" });
    return loadPipeline({
      definition,
      facts: this.facts(definition, facts),
      source: { read: (path) => files[path] },
    });
  }

  facts(
    definition: Stored,
    more: Pick<RunFacts, "reason" | "sourceBranch" | "pullRequest">,
  ): RunFacts {
    const [project] = things(this.world.state, "Project");
    return {
      ...more,
      buildId: ++this.#builds,
      commit: "0".repeat(40),
      requestedFor: author,
      definition: String(definition.properties.name),
      project: String(project?.properties.name),
      repository: { id: this.repository.id, name: String(this.repository.properties.name) },
      organisation: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
    };
  }

  filesOf({ sourceBranch, pullRequest }: Pick<RunFacts, "sourceBranch" | "pullRequest">): Files {
    const branch = (pullRequest?.source ?? sourceBranch).replace("refs/heads/", "");
    return this.world.state.branches[this.repository.id]?.[branch]?.files ?? {};
  }

  #changed(target: string, changes: Changes) {
    const branch = target;
    return { repositoryId: this.repository.id, branch, target, paths: Object.keys(changes) };
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
