import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../../../config/environment";
import { readEnvironment } from "../../../config/read";
import { endpointId, insightsId } from "../../../packages/cli/rollout/place";
import { performRollout, type RolloutRequest } from "../../../packages/cli/rollout/perform";
import { liveEndpoint } from "../../../packages/cli/rollout/edges";
import { weightsIn } from "../../../packages/cli/rollout/editWeights";
import type { Cloud } from "../../../packages/provider/cloud";
import { ResourceManager } from "../../../packages/provider/resourceManager";
import type { ArmBehaviours } from "../../../packages/sandbox/server/scored";
import { repository, type Edit } from "../../config/repository";
import { TestSandbox } from "../../sandbox/server/sandbox";

/**
 * A repository in git, its endpoint in the simulated Azure over HTTPS, customers that never stop, and somebody
 * who deploys what is committed. Time is simulated: every wait sends the requests of its minutes.
 */
export class Stage {
  now = Date.UTC(2026, 5, 1, 9, 0, 20);
  /** Minutes from a commit to its deployment. */
  deployMinutes = 2;
  requestsPerMinute = 300;
  /** Nobody deploys. */
  frozen = false;
  readonly said: string[] = [];
  /** Called with every text and before every wait; may throw as a kill would. */
  onSay: (text: string) => void = () => undefined;
  /** What the endpoint routed, in order, each time it changed. */
  readonly routed: string[] = [];
  readonly #azure: ResourceManager;
  #pending: { readonly weights: string; readonly at: number } | undefined;

  private constructor(
    readonly root: string,
    readonly box: TestSandbox,
    readonly cloud: Cloud,
    readonly environment: Environment,
    readonly remove: () => void,
  ) {
    this.#azure = new ResourceManager(cloud);
  }

  static async open(arms: ArmBehaviours, edits: readonly Edit[] = []): Promise<Stage> {
    const { root, remove } = repository([
      {
        from: "blue: { version: 3, weight: 90 }",
        to: "blue: { version: 3, weight: 100 } # serves",
      },
      { from: "green: { version: approved, weight: 10,", to: "green: { version: 4, weight: 0," },
      ...edits,
    ]);
    const environment = readEnvironment({ root, stack: "dev" });
    const flow = environment.flows[0]!;
    const endpoint = endpointId(environment, flow);
    const group = endpoint.split("/providers/")[0]!;
    const workspace = endpoint.split("/onlineEndpoints/")[0]!;
    const ml = "azure-native:machinelearningservices";
    const location = "swedencentral";
    // The clock is read with each request, so it may be set before the stage exists.
    const clock = { stage: undefined as Stage | undefined };
    const box = await TestSandbox.start({ arms, clock: () => clock.stage?.now ?? 0, polls: 0 }, [
      { id: group, token: "azure-native:resources:ResourceGroup", body: { location } },
      { id: workspace, token: `${ml}:Workspace`, body: { location, properties: {} } },
      {
        id: insightsId(environment),
        token: "azure-native:applicationinsights:Component",
        body: { location, properties: { AppId: "0f2a" } },
      },
      {
        id: endpoint,
        token: `${ml}:OnlineEndpoint`,
        body: {
          location,
          kind: "Managed",
          identity: { type: "SystemAssigned" },
          tags: { flow: "web" },
          properties: {
            authMode: "AADToken",
            publicNetworkAccess: "Enabled",
            provisioningState: "Succeeded",
            scoringUri: `https://${flow.endpointName}.${location}.inference.ml.azure.com/score`,
            traffic: Object.fromEntries(flow.arms.map(({ name, weight }) => [name, weight])),
            mirrorTraffic: {},
          },
        },
      },
      ...flow.arms.map(({ name }) => ({
        id: `${endpoint}/deployments/${name}`,
        token: `${ml}:OnlineDeployment`,
        body: { location, properties: { provisioningState: "Succeeded" } },
      })),
    ]);
    const tokens = new Map<string, Promise<string>>();
    const cloud: Cloud = {
      resourceManager: box.sandbox.url,
      applicationInsights: box.sandbox.url,
      blobEndpoint: (account) => `${box.sandbox.url}/blob/${account}`,
      certificates: box.ca,
      credential: {
        getToken: async (scopes) => {
          const scope = [scopes].flat()[0]!;
          const token = tokens.get(scope) ?? box.personToken(scope);
          tokens.set(scope, token);
          return { token: await token, expiresOnTimestamp: Date.now() + 3_600_000 };
        },
      },
      pace: { retry: 1, poll: 1, conflict: 1, deadline: 5_000 },
    };
    const stage = new Stage(root, box, cloud, environment, remove);
    clock.stage = stage;
    stage.git("init", "--quiet", "--initial-branch", "main");
    stage.git("config", "user.email", "engineer@example.com");
    stage.git("config", "user.name", "Engineer");
    stage.git("add", "--all");
    stage.git("commit", "--quiet", "-m", "Begin");
    return stage;
  }

  get endpoint() {
    const { environment } = this;
    return liveEndpoint(this.#azure, environment, environment.flows[0]!);
  }

  get yaml(): string {
    return readFileSync(path.join(this.root, "Pulumi.dev.yaml"), "utf8");
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.root, encoding: "utf8", stdio: "pipe" });
  }

  /** Titles of the commits after the first, oldest first. */
  get commits(): string[] {
    return this.git("log", "--reverse", "--format=%s").trim().split("\n").slice(1);
  }

  /** Let time pass: customers call, and what was committed is deployed. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    while (this.now < end) {
      await this.#deploy();
      const step = Math.min(end - this.now, 60_000);
      const requests = Math.round((this.requestsPerMinute * step) / 60_000);
      this.box.sandbox.scoring.drive(this.environment.flows[0]!.endpointName, requests);
      this.now += step;
    }
    await this.#deploy();
  }

  async #deploy(): Promise<void> {
    if (this.frozen) return;
    const text = this.git("show", "HEAD:Pulumi.dev.yaml");
    const weights = weightsIn({ text, flow: ["config", "flows", "web"] });
    const wanted = JSON.stringify(weights);
    if (this.#pending?.weights !== wanted) this.#pending = { weights: wanted, at: this.now };
    if (this.now < this.#pending.at + this.deployMinutes * 60_000) return;
    const live = await this.endpoint.weights();
    if (JSON.stringify(sorted(live)) === JSON.stringify(sorted(weights))) return;
    await this.endpoint.write(weights);
    this.routed.push(JSON.stringify(weights));
  }

  /** One call of the verb. */
  rollout(asked: Partial<RolloutRequest> = {}) {
    return performRollout({
      root: this.root,
      flow: "web",
      to: "green",
      steps: "10,50,100",
      bake: "15m",
      env: "dev",
      commit: true,
      deployWithin: "30m",
      signal: new AbortController().signal,
      clock: { now: () => this.now, sleep: (ms) => this.pass(ms) },
      cloud: this.cloud,
      say: (text) => {
        this.said.push(text);
        this.onSay(text);
      },
      ...asked,
    });
  }

  async close(): Promise<void> {
    await this.box.close();
    this.remove();
  }
}

const sorted = (weights: Readonly<Record<string, number>>) =>
  Object.entries(weights).sort(([a], [b]) => (a < b ? -1 : 1));
