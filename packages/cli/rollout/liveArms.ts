import type { Environment, Flow } from "../../../config/environment";
import { MODEL_VERSION_VARIABLE } from "../../../config/webAppSettings";
import { liveWeights } from "../../provider/endpointChange";
import type { Json, ResourceManager } from "../../provider/resourceManager";
import { readVariables, readWebApp } from "../../provider/webAppSettings";
import { endpointId, modelId, siteId } from "./place";

/** What Azure has of a flow now. */
export interface LiveArms {
  /** Percent of the requests by arm. */
  readonly weights: Readonly<Record<string, number>>;
  /** Address of each arm's model, by arm. */
  models(): Promise<ReadonlyMap<string, string>>;
}

/** Undefined where nothing of the flow stands on its target. */
export function readLiveArms(
  azure: ResourceManager,
  environment: Environment,
  flow: Flow,
): Promise<LiveArms | undefined> {
  return flow.target.name === "webApp"
    ? onWebApp(azure, environment, flow)
    : onEndpoint(azure, environment, flow);
}

async function onEndpoint(azure: ResourceManager, environment: Environment, flow: Flow) {
  const id = endpointId(environment, flow);
  const live = await azure.get(id);
  return (
    live && {
      weights: liveWeights(live.body),
      models: async () => {
        const deployments = await azure.list(`${id}/deployments`, {});
        return new Map(deployments.map((one) => [String(one.name), modelOf(one)]));
      },
    }
  );
}

const modelOf = (deployment: Json): string =>
  String(((deployment.properties ?? {}) as Json).model ?? "");

/** A slot names no model: its container is told the version. */
async function onWebApp(azure: ResourceManager, environment: Environment, flow: Flow) {
  const id = siteId(environment, flow);
  const live = await readWebApp(azure, id);
  return (
    live && {
      weights: live.settings.weights,
      models: async () => {
        const slots = live.slots.map(async ({ name }) => {
          return [name, await readVariables(azure, `${id}/slots/${name}`)] as const;
        });
        const production = [live.settings.production, live.settings.environment] as const;
        return new Map(
          [production, ...(await Promise.all(slots))].map(([arm, variables]) => [
            arm,
            modelId(environment, flow, variables[MODEL_VERSION_VARIABLE] ?? ""),
          ]),
        );
      },
    }
  );
}
