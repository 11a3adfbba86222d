import { isConflict } from "./azureError";
import {
  differences,
  liveWeights,
  scoringUri,
  withoutRouting,
  withSettings,
} from "./endpointChange";
import { refusals, type Deployment, type Settings } from "./endpointRules";
import type { Call } from "./pipeline";
import type { Json, ResourceManager } from "./resourceManager";
import { UserError } from "./userError";

/** A write that others overwrite at once is tried so often. */
const attempts = 3;

/**
 * Brings a live endpoint to these settings in one read-change-write and reads them back. Refuses before writing
 * what would leave the endpoint, or a share of its requests, without a deployment that works. Writes nothing
 * where the endpoint has the settings already.
 *
 * @throws UserError with every reason of a refusal; AzureError for what Azure refuses
 */
export async function applySettings(
  azure: ResourceManager,
  endpoint: string,
  settings: Settings,
  call: Call = {},
): Promise<{ scoringUri: string }> {
  return azure.untilFree(endpoint, call, async () => {
    let open: string[] = [];
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const live = await azure.get(endpoint, call);
      if (!live) throw new UserError(missing(endpoint));
      open = differences(live.body, settings);
      if (attempt > 1 && open.length === 0) return { scoringUri: scoringUri(live.body) };

      const reasons = refusals(
        settings,
        await deployments(azure, endpoint, call),
        liveWeights(live.body),
      );
      if (reasons.length > 0) throw new UserError(refused(endpoint, reasons));
      if (open.length === 0) return { scoringUri: scoringUri(live.body) };

      const match = live.etag ? ({ etag: live.etag } as const) : undefined;
      await azure.put(endpoint, withSettings(live.body, settings), { ...call, match });
    }
    const last = await azure.get(endpoint, call);
    if (last) open = differences(last.body, settings);
    if (last && open.length === 0) return { scoringUri: scoringUri(last.body) };
    throw new UserError(overwritten(endpoint, open));
  });
}

/** The live endpoint, or undefined when it is gone. */
export async function readEndpoint(
  azure: ResourceManager,
  endpoint: string,
  call: Call = {},
): Promise<Json | undefined> {
  return (await azure.get(endpoint, call))?.body;
}

/** Takes every arm out of the routing, so that the deployments can be deleted. An endpoint that is gone is fine. */
export async function clearRouting(
  azure: ResourceManager,
  endpoint: string,
  call: Call = {},
): Promise<void> {
  await azure.untilFree(endpoint, call, async () => {
    const live = await azure.get(endpoint, call);
    if (!live || isBeingDeleted(live.body) || !isRouting(live.body)) return;
    const arms = (await deployments(azure, endpoint, call)).map(({ name }) => name);
    const match = live.etag ? ({ etag: live.etag } as const) : undefined;
    try {
      await azure.put(endpoint, withoutRouting(live.body, arms), { ...call, match });
    } catch (error) {
      const now = isConflict(error) ? live : await azure.get(endpoint, call);
      if (now && !isBeingDeleted(now.body)) throw error;
    }
  });
}

async function deployments(
  azure: ResourceManager,
  endpoint: string,
  call: Call,
): Promise<Deployment[]> {
  const items = await azure.list(`${endpoint}/deployments`, {}, call);
  return items.map((item) => ({ name: String(item["name"]), state: String(stateOf(item)) }));
}

const stateOf = (resource: Json) => ((resource["properties"] ?? {}) as Json)["provisioningState"];
const isBeingDeleted = (endpoint: Json) => stateOf(endpoint) === "Deleting";

function isRouting(endpoint: Json): boolean {
  const { mirrorTraffic } = (endpoint["properties"] ?? {}) as { mirrorTraffic?: Json | null };
  const shares = [...Object.values(liveWeights(endpoint)), ...Object.values(mirrorTraffic ?? {})];
  return shares.some((share) => share !== 0);
}

const missing = (endpoint: string) =>
  `endpoint ${endpoint} does not exist\nCreate it first: EndpointSettings changes an endpoint, it does not make one.`;

const refused = (endpoint: string, reasons: readonly string[]) =>
  `refused to change endpoint ${endpoint}; nothing was written\n${reasons.map((reason) => `- ${reason}`).join("\n")}`;

const overwritten = (endpoint: string, open: readonly string[]) =>
  `endpoint ${endpoint} does not keep its settings; written ${attempts} times\n${open.map((line) => `- ${line}`).join("\n")}\n` +
  "Somebody else writes them: let EndpointSettings be the only writer, then run this again.";
