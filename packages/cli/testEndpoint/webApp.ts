import type { Environment, Flow } from "../../../config/environment";
import { productionArm, servedWeights } from "../../../config/webAppSettings";
import { sharesOfExisting } from "../../../config/weights";
import type { ResourceManager } from "../../provider/resourceManager";
import type { LiveWebApp } from "../../provider/webAppRules";
import { readWebApp } from "../../provider/webAppSettings";
import { siteId } from "../rollout/place";
import type { Caller } from "./call";
import { TO_PRODUCTION } from "./slots";
import type { Look, Target } from "./target";

/**
 * The Web App of a flow in Azure: each arm has an address, and the app's own leads to them by the routing rules.
 * `scoringEndpoint` stands for what comes before the path of an address, with `{host}` for its host. By default
 * it is https.
 */
export function webAppTarget(
  environment: Environment,
  flow: Flow,
  azure: ResourceManager,
  call: Caller,
  scoringEndpoint = "https://{host}",
): Target {
  const id = siteId(environment, flow);
  const scope = `api://${environment.settings.webApp?.clientId}/.default`;
  const address = (host: string) => scoringEndpoint.replace("{host}", host);
  return {
    title: `${flow.name} in ${environment.stack}`,
    look: async () => {
      const live = await readWebApp(azure, id);
      if (live === undefined) {
        return {
          state: "failed",
          why: [
            `there is no Web App ${flow.endpointName}: make it with pulumi up --stack ${environment.stack}`,
          ],
        };
      }
      const judged = judgeWebApp(flow, live);
      if (judged.state === "failed") return judged;
      const { production, hosts, ...checked } = judged;
      const cold = await coldArms(hosts, production, address, call);
      if (cold.length > 0) {
        return { state: "waiting", what: cold.join(", ") };
      }
      return {
        state: "ready",
        endpoint: {
          ...checked,
          scoreUrl: `${address(live.host)}/score`,
          authentication: flow.authentication,
          headers: async () => {
            const token = await azure.cloud.credential.getToken(scope);
            return { authorization: `Bearer ${token?.token ?? ""}` };
          },
          slots: {
            production,
            scoreUrls: Object.fromEntries(
              Object.entries(hosts).map(([arm, host]) => [arm, `${address(host)}/score`]),
            ),
          },
        },
      };
    },
  };
}

type Judged =
  | Extract<Look, { state: "failed" }>
  | {
      readonly state: "judged";
      readonly production: string;
      /** Host by arm. */
      readonly hosts: Readonly<Record<string, string>>;
      readonly weights: Readonly<Record<string, number>>;
      readonly problems: readonly string[];
      readonly notes: readonly string[];
    };

/** What the app and its slots, as Azure has them, say beside what is declared. */
export function judgeWebApp(flow: Flow, { settings, host, state, slots }: LiveWebApp): Judged {
  const { production } = settings;
  const all = [{ name: production, host, state }, ...slots];
  const standing = new Map(all.map((one) => [one.name, one]));
  const missing = flow.arms.filter(({ name }) => !standing.has(name));
  const why = [
    ...all.flatMap((one) =>
      one.state === "Running" ? [] : [`the arm ${one.name} is ${one.state}`],
    ),
    ...missing
      .filter(({ version }) => version !== "approved")
      .map(({ name, version }) => `the arm ${name} (version ${version}) is not deployed`),
  ];
  if (why.length > 0) return { state: "failed", why };
  const arms = flow.arms.filter(({ name }) => standing.has(name));
  const declared = Object.fromEntries(flow.arms.map(({ name, weight }) => [name, weight]));
  const wanted = sharesOfExisting(declared, (arm) => standing.has(arm));
  const target = flow.target.name === "webApp" ? flow.target : {};
  const own = productionArm(arms, target)?.name ?? production;
  const weights = servedWeights(wanted, own);
  const names = [...new Set([...Object.keys(weights), ...Object.keys(settings.weights)])];
  const differ = names.flatMap((arm) => {
    const [is, should] = [settings.weights[arm] ?? 0, weights[arm] ?? 0];
    return is === should ? [] : [`${arm} has ${is} % and not ${should} %`];
  });
  return {
    state: "judged",
    production,
    hosts: Object.fromEntries(arms.map(({ name }) => [name, standing.get(name)?.host ?? ""])),
    weights,
    problems: differ.map((text) => `Azure's routing is not the declared one: ${text}`),
    notes: missing.map(({ name }) => `the arm ${name} waits for its first approved version`),
  };
}

/** Arms whose container does not answer yet. */
async function coldArms(
  hosts: Readonly<Record<string, string>>,
  production: string,
  address: (host: string) => string,
  call: Caller,
): Promise<string[]> {
  const looks = Object.entries(hosts).map(async ([arm, host]) => {
    const headers = arm === production ? TO_PRODUCTION : {};
    const url = `${address(host)}/health`;
    const { status } = await call({ method: "GET", url, headers, timeoutMs: 30_000 });
    return status === 200 ? [] : [`${arm} is not warm: /health is ${status}`];
  });
  return (await Promise.all(looks)).flat();
}
