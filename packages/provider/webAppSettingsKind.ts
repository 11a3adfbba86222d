import { callOf, type Kind } from "./kind";
import { propertyChanges } from "./propertyChanges";
import { unknown, type Properties } from "./protocol";
import type { ResourceManager } from "./resourceManager";
import { UserError } from "./userError";
import { productionRefusals, siteId, webAppProblems, type WebAppSettings } from "./webAppRules";
import { applyWebAppSettings, readWebApp, scoringUri } from "./webAppSettings";

export function webAppSettingsKind(azure: ResourceManager): Kind {
  async function write(inputs: Properties, request: Parameters<typeof callOf>[0]) {
    const site = inputs["site"] as string;
    const outputs = await applyWebAppSettings(azure, site, settingsIn(inputs), callOf(request));
    return { id: site, outputs: { ...inputs, ...outputs } };
  }

  return {
    problems: ({ inputs }) => webAppProblems(inputs),

    diff: ({ oldInputs, inputs }) => ({ changes: propertyChanges(oldInputs, inputs, ["site"]) }),

    create: async (request) =>
      request.preview
        ? { id: "", outputs: { ...request.inputs, scoringUri: unknown } }
        : write(request.inputs, request),

    update: async (request) => {
      if (!request.preview) return write(request.inputs, request);
      // A preview tells already that an arm would take the production slot from one that serves.
      const { production } = request.inputs;
      if (production !== request.oldInputs["production"] && typeof production === "string") {
        const live = await readWebApp(azure, request.id, callOf(request));
        const reasons = live ? productionRefusals(settingsIn(request.inputs), live) : [];
        if (reasons.length > 0) throw new UserError(reasons.join("\n"));
      }
      return { outputs: { ...request.inputs, scoringUri: request.oldOutputs["scoringUri"] } };
    },

    read: async (request) => {
      if (!siteId.test(request.id)) {
        throw new UserError(`${request.id} is not the ARM id of a Web App`);
      }
      const live = await readWebApp(azure, request.id, callOf(request));
      if (!live) return undefined;
      const inputs = { ...request.inputs, site: request.inputs["site"] ?? request.id };
      const outputs = { ...inputs, ...live.settings };
      return {
        id: request.id,
        inputs: outputs,
        outputs: { ...outputs, scoringUri: scoringUri(live.host) },
      };
    },

    // It stands and goes with its app: without rules all requests would reach the production slot.
    delete: async () => undefined,
  };
}

function settingsIn(inputs: Properties): WebAppSettings {
  const { production, image, environment, weights, publicNetworkAccess, tags } = inputs;
  return { production, image, environment, weights, publicNetworkAccess, tags } as WebAppSettings;
}
