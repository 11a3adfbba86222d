import type { Environment, Flow } from "../../../config/environment";
import { sharesOfExisting } from "../../../config/weights";
import type { Json, ResourceManager } from "../../provider/resourceManager";
import type { Look, OpenEndpoint, Target } from "./target";

/** Audience of a token for an endpoint with authMode AADToken: DOC/how-to-authenticate-online-endpoint.md */
const SCOPE = "https://ml.azure.com/.default";

/**
 * The online endpoint of a flow in Azure. `scoringEndpoint` stands for what comes before the path of scoring
 * addresses, with `{host}` for theirs; a simulated Azure has its own. By default the address as it is: that
 * of a cluster without a certificate has no https.
 */
export function managedTarget(
  environment: Environment,
  flow: Flow,
  azure: ResourceManager,
  scoringEndpoint?: string,
): Target {
  const id = endpointId(environment, flow);
  return {
    title: `${flow.name} in ${environment.stack}`,
    look: async () => {
      const live = await azure.get(id);
      if (live === undefined) {
        return {
          state: "failed",
          why: [
            `there is no endpoint ${flow.endpointName}: make it with pulumi up --stack ${environment.stack}`,
          ],
        };
      }
      const look = judge(flow, live.body, await azure.list(`${id}/deployments`, {}));
      if (look.state !== "ready") return look;
      const scoringUri = String(propertiesOf(live.body).scoringUri);
      const { host, pathname } = new URL(scoringUri);
      return {
        state: "ready",
        endpoint: {
          ...look.endpoint,
          scoreUrl:
            scoringEndpoint === undefined
              ? scoringUri
              : scoringEndpoint.replace("{host}", host) + pathname,
          authentication: flow.authentication,
          headers: () => authorization(azure, id, flow.authentication),
        },
      };
    },
  };
}

/** ARM id of a flow's endpoint. */
export function endpointId(
  { subscriptionId, settings, names }: Environment,
  { endpointName }: Flow,
): string {
  const adopted = settings.workspace.mode === "existing" ? settings.workspace : undefined;
  const group = adopted?.resourceGroup ?? names.resourceGroup;
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/${names.workspace}/onlineEndpoints/${endpointName}`;
}

type Judged =
  | Exclude<Look, { state: "ready" }>
  | { state: "ready"; endpoint: Pick<OpenEndpoint, "weights" | "problems" | "notes"> };

/** What the endpoint and its deployments, as Azure has them, say beside what is declared. */
export function judge(flow: Flow, endpoint: Json, deployments: readonly Json[]): Judged {
  const states = new Map(
    deployments.map((one) => [String(one.name), String(propertiesOf(one).provisioningState)]),
  );
  const missing = flow.arms.filter(({ name }) => !states.has(name));
  const all: (readonly [string, string])[] = [
    ["the endpoint", String(propertiesOf(endpoint).provisioningState)],
    ...flow.arms.flatMap(({ name }) => {
      const state = states.get(name);
      return state === undefined ? [] : [[`the arm ${name}`, state] as const];
    }),
  ];
  const why = [
    ...all.flatMap(([what, state]) =>
      ["Failed", "Canceled", "Deleting"].includes(state) ? [`${what} is ${state}`] : [],
    ),
    ...missing
      .filter(({ version }) => version !== "approved")
      .map(({ name, version }) => `the arm ${name} (version ${version}) is not deployed`),
    ...(missing.length === flow.arms.length ? ["no arm is deployed"] : []),
  ];
  if (why.length > 0) return { state: "failed", why };
  const late = all.filter(([, state]) => state !== "Succeeded");
  if (late.length > 0) {
    return {
      state: "waiting",
      what: late.map(([what, state]) => `${what} is ${state}`).join(", "),
    };
  }
  const declared = Object.fromEntries(flow.arms.map(({ name, weight }) => [name, weight]));
  const weights = sharesOfExisting(declared, (arm) => states.has(arm));
  const live = (propertiesOf(endpoint).traffic ?? {}) as Record<string, number>;
  const others = Object.keys(live).filter((arm) => !(arm in weights) && live[arm] !== 0);
  const differ = [
    ...Object.entries(weights).flatMap(([arm, weight]) =>
      (live[arm] ?? 0) === weight ? [] : [`${arm} has ${live[arm] ?? 0} % and not ${weight} %`],
    ),
    ...others.map((arm) => `${arm} has ${live[arm]} % and is not declared`),
  ];
  return {
    state: "ready",
    endpoint: {
      weights,
      problems: differ.map((text) => `Azure's routing is not the declared one: ${text}`),
      notes: missing.map(({ name }) => `the arm ${name} waits for its first approved version`),
    },
  };
}

const propertiesOf = (body: Json) => (body.properties ?? {}) as Json;

async function authorization(
  azure: ResourceManager,
  id: string,
  mode: Flow["authentication"],
): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await secretOf(azure, id, mode)}` };
}

async function secretOf(azure: ResourceManager, id: string, mode: Flow["authentication"]) {
  if (mode === "Key") return String((await azure.act(id, "listKeys")).primaryKey);
  if (mode === "AMLToken") return String((await azure.act(id, "token")).accessToken);
  const token = await azure.cloud.credential.getToken(SCOPE);
  return token?.token ?? "";
}
