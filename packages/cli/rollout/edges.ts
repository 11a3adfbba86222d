import type { Environment, Flow } from "../../../config/environment";
import { liveWeights, settingsOf } from "../../provider/endpointChange";
import { applySettings, readEndpoint } from "../../provider/endpointSettings";
import { ApplicationInsights } from "../../provider/applicationInsights";
import type { ResourceManager } from "../../provider/resourceManager";
import { CommandError, EXIT } from "../exit";
import { endpointId, insightsId } from "./place";
import type { LiveEndpoint } from "./run";
import type { TelemetrySource } from "./telemetry";

/** The live endpoint of a flow; what is written keeps every other setting as it is in Azure. */
export function liveEndpoint(
  azure: ResourceManager,
  environment: Environment,
  flow: Flow,
  signal?: AbortSignal,
): LiveEndpoint {
  const id = endpointId(environment, flow);
  const read = async () => {
    const live = await readEndpoint(azure, id, { signal });
    if (live) return live;
    throw new CommandError(
      `${flow.name} has no endpoint in ${environment.stack}: ${id}; deploy the stack first`,
      EXIT.failed,
    );
  };
  return {
    weights: async () => liveWeights(await read()),
    write: async (weights) => {
      const live = settingsOf(await read(), Object.keys(weights));
      // Not interrupted: half of a roll-back helps nobody, and it takes seconds.
      await applySettings(azure, id, { ...live, weights });
    },
  };
}

export function telemetrySource(
  azure: ResourceManager,
  environment: Environment,
  flow: Flow,
): TelemetrySource {
  return {
    azure,
    insights: new ApplicationInsights(azure.cloud),
    endpoint: endpointId(environment, flow),
    component: insightsId(environment),
  };
}
