import { key, lastName, parentId } from "../ids";
import { isRecord, valueAt } from "../paths";
import type { AzureState, StoredResource } from "../state";
import type { Reply, Request } from "./http";
import { armByWeight, seeded } from "./routing";
import type {
  ArmBehaviour,
  ArmBehaviours,
  DeploymentCount,
  ScoredRequest,
  ScoringSettings,
  SentFeedback,
} from "./scored";
import { scoringRefusal } from "./scoringAccess";
import type { Claims } from "./tokens";
import { routeToSite, routingName, type Routed } from "./webAppHosts";

const endpointToken = "azure-native:machinelearningservices:OnlineEndpoint";
const deploymentToken = "azure-native:machinelearningservices:OnlineDeployment";
/** Header that names an arm, in a request and in its answer: DOC/how-to-safely-rollout-online-endpoints.md */
export const armHeader = "azureml-model-deployment";

/**
 * The data plane: `POST /scoring/<host of the scoringUri>/score` and `/feedback`, `GET …/health` of a Web App. Routing,
 * authentication and statuses are those of managed endpoints (DOC/how-to-troubleshoot-online-endpoints.md,
 * HTTP status codes); what an arm answers is told by its behaviour.
 */
export class Scoring {
  readonly requests: ScoredRequest[] = [];
  readonly feedback: SentFeedback[] = [];
  #arms: ArmBehaviours;
  readonly #random: () => number;
  readonly #clock: () => number;

  constructor(
    private readonly state: AzureState,
    private readonly settings: ScoringSettings,
    private readonly claimsOf: (token: string) => Claims | undefined,
  ) {
    this.#arms = settings.arms ?? {};
    this.#random = seeded(settings.seed ?? 1);
    this.#clock = settings.clock ?? Date.now;
  }

  /** Behave differently from the next request on; requests and feedback so far stay. */
  configure(arms: ArmBehaviours): void {
    this.#arms = arms;
  }

  /** Totals by deployment of one endpoint, named as in Azure. */
  counts(endpoint: string): Record<string, DeploymentCount> {
    const counts: Record<string, DeploymentCount> = {};
    for (const { endpoint: id, deployment, ...request } of this.requests) {
      if (lastName(id).toLowerCase() !== endpoint.toLowerCase()) continue;
      const count = (counts[deployment] ??= {
        requests: 0,
        mirrored: 0,
        statuses: {},
        latenciesMs: [],
      });
      count.requests += 1;
      count.mirrored += request.mirrored ? 1 : 0;
      count.statuses[request.status] = (count.statuses[request.status] ?? 0) + 1;
      count.latenciesMs.push(request.latencyMs);
    }
    return counts;
  }

  /** Names of all endpoints. */
  endpoints(): string[] {
    return Object.values(this.state.resources)
      .filter(({ token }) => token === endpointToken)
      .map(({ id }) => lastName(id));
  }

  /** Requests of imagined customers, without HTTP and without waiting. Throws where no endpoint has the name. */
  drive(endpoint: string, requests: number): void {
    const found = Object.values(this.state.resources).find(
      ({ token, id }) =>
        token === endpointToken && lastName(id).toLowerCase() === endpoint.toLowerCase(),
    );
    if (!found) throw new Error(`the simulated Azure has no endpoint ${endpoint}`);
    for (let sent = 0; sent < requests; sent += 1) this.#score(found, undefined, {});
  }

  handle(request: Request): Reply {
    const [, , host = "", ...rest] = request.url.pathname.split("/");
    const verb = rest.join("/");
    const endpoint = this.#endpointOf(decodeURIComponent(host));
    const known = {
      state: this.state,
      grants: this.settings.grants ?? [],
      claimsOf: this.claimsOf,
    };
    if (!endpoint && ["health", "score", "feedback"].includes(verb)) {
      const routed = routeToSite(known, decodeURIComponent(host), request, this.#random());
      if (routed) return this.#onWebApp(routed, verb, request);
    }
    if (!endpoint || !["score", "feedback"].includes(verb)) {
      return refused(404, `nothing is served at ${request.url.pathname}`);
    }
    if (request.method !== "POST") return refused(405, `${request.method} is not allowed: POST is`);
    const refusal = scoringRefusal(endpoint, request, known);
    if (refusal) return refused(refusal.status, refusal.message);
    const named = request.headers[armHeader];
    const arm = typeof named === "string" ? named : undefined;
    const body = parse(request.body.toString("utf8"));
    if (verb === "score") return this.#score(endpoint, arm, body);
    const commented = this.#route(endpoint, arm);
    return typeof commented === "string" ? this.#comment(endpoint, commented, body) : commented;
  }

  /** A Web App hands through what its container answers. */
  #onWebApp(routed: Routed, verb: string, { method, body }: Request): Reply {
    if ("status" in routed) return refused(routed.status, routed.message);
    const { site, arm, pinned } = routed;
    const headers: Record<string, string> =
      pinned === undefined ? {} : { "set-cookie": `${routingName}=${pinned}; path=/` };
    if (verb === "health") return { status: 200, json: { status: "Healthy" }, headers };
    if (method !== "POST") return refused(405, `${method} is not allowed: POST is`);
    const sent = parse(body.toString("utf8"));
    if (verb === "feedback") return { ...this.#comment(site, arm, sent), headers };
    const { modelStatus: status, latencyMs: afterMs } = this.#answered(site, arm, false, 500);
    const json = status === 200 ? this.#said(site, arm, sent) : { error: "the container failed" };
    return { status, json, headers, afterMs };
  }

  #endpointOf(host: string): StoredResource | undefined {
    return Object.values(this.state.resources).find(({ token, body }) => {
      const address = valueAt(body, "properties.scoringUri");
      return (
        token === endpointToken && typeof address === "string" && new URL(address).host === host
      );
    });
  }

  /** The arm that answers, or why none does. A request that names its arm is routed whatever the weights are. */
  #route(endpoint: StoredResource, named: string | undefined): string | Reply {
    const states = this.#states(endpoint);
    const arm = named ?? armByWeight(sharesOf(endpoint, "traffic"), this.#random());
    if (arm === undefined) {
      return refused(404, "The endpoint has no valid deployment with a positive weight.");
    }
    const state = states.get(arm);
    if (state === undefined) return refused(404, `The endpoint has no deployment named ${arm}.`);
    // While an arm is updated its instances go on; one that is being made or failed has none.
    return state === "Succeeded" || state === "Updating"
      ? arm
      : modelError(arm, 503, `The deployment ${arm} is not ready: ${state}.`);
  }

  #states({ id }: StoredResource): Map<string, string> {
    return new Map(
      Object.values(this.state.resources)
        .filter(({ token, id: one }) => token === deploymentToken && key(parentId(one)) === key(id))
        .map((one) => [
          lastName(one.id),
          String(valueAt(one.body, "properties.provisioningState")),
        ]),
    );
  }

  #score(endpoint: StoredResource, named: string | undefined, body: unknown): Reply {
    const arm = this.#route(endpoint, named);
    if (typeof arm !== "string") return arm;
    const { status, latencyMs } = this.#answered(endpoint, arm, false);
    if (named === undefined) this.#mirror(endpoint);
    if (status !== 200) {
      return { ...modelError(arm, 500, "The container answered 500."), afterMs: latencyMs };
    }
    const json = this.#said(endpoint, arm, body);
    return { status, json, headers: { [armHeader]: arm }, afterMs: latencyMs };
  }

  #said(endpoint: StoredResource, arm: string, body: unknown): unknown {
    const { answer = {} } = this.#behaviour(endpoint, arm);
    return typeof answer === "function" ? (answer(body) as unknown) : answer;
  }

  /** Requests that name an arm are not mirrored: DOC/how-to-safely-rollout-online-endpoints.md */
  #mirror(endpoint: StoredResource): void {
    for (const [arm, percent] of Object.entries(sharesOf(endpoint, "mirrorTraffic"))) {
      if (this.#random() * 100 < percent) this.#answered(endpoint, arm, true);
    }
  }

  #answered(
    endpoint: StoredResource,
    arm: string,
    mirrored: boolean,
    failure = 424,
  ): ScoredRequest {
    const behaviour = this.#behaviour(endpoint, arm);
    const { latencyMs = 0, latencySpread = 0, failureRate = 0, tokens, feedback } = behaviour;
    const failed = this.#random() < failureRate;
    const scored: ScoredRequest = {
      endpoint: endpoint.id,
      deployment: arm,
      time: this.#clock(),
      status: failed ? failure : 200,
      modelStatus: failed ? 500 : 200,
      latencyMs: latencyMs * Math.exp(latencySpread * this.#normal()),
      ...(tokens !== undefined && !failed && { tokens }),
      // Nobody sees the answer to a copy.
      ...(feedback !== undefined &&
        !failed &&
        !mirrored && { feedback: this.#random() < feedback ? 1 : 0 }),
      mirrored,
    };
    this.requests.push(scored);
    return scored;
  }

  #comment(endpoint: StoredResource, arm: string, body: unknown): Reply {
    this.feedback.push({ endpoint: endpoint.id, deployment: arm, time: this.#clock(), body });
    return { status: 200, json: {}, headers: { [armHeader]: arm } };
  }

  #behaviour({ id }: StoredResource, arm: string): ArmBehaviour {
    return this.#arms[`${lastName(id)}/${arm}`] ?? this.#arms[arm] ?? {};
  }

  /** Standard normal, by Box and Muller. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}

function sharesOf({ body }: StoredResource, kind: "traffic" | "mirrorTraffic") {
  const shares = valueAt(body, `properties.${kind}`);
  return (isRecord(shares) ? shares : {}) as Record<string, number>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refused(status: number, message: string): Reply {
  return { status, json: { error: { code: String(status), message } } };
}

/** Whatever a container answers but 200 reaches the caller as 424 with the true status in a header. */
function modelError(arm: string, modelStatus: number, message: string): Reply {
  return {
    ...refused(424, message),
    headers: {
      [armHeader]: arm,
      "ms-azureml-model-error-statuscode": String(modelStatus),
      "ms-azureml-model-error-reason": "model_error",
    },
  };
}
