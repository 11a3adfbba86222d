import { scoringUri, settingsOf } from "./endpointChange";
import { endpointId, inputProblems, type Settings } from "./endpointRules";
import { applySettings, clearRouting, readEndpoint } from "./endpointSettings";
import { callOf, type Kind } from "./kind";
import { propertyChanges } from "./propertyChanges";
import type { ResourceManager } from "./resourceManager";
import { unknown, type Properties } from "./protocol";
import { UserError } from "./userError";

export function endpointSettingsKind(azure: ResourceManager): Kind {
  /**
   * Endpoints written in this run. A resource that was renamed in the program is created under its new name
   * before the old one is deleted: that delete must not take away the routing just written.
   */
  const written = new Set<string>();

  async function write(inputs: Properties, request: Parameters<typeof callOf>[0]) {
    const endpoint = inputs["endpoint"] as string;
    const { scoringUri } = await applySettings(
      azure,
      endpoint,
      settingsIn(inputs),
      callOf(request),
    );
    written.add(endpoint.toLowerCase());
    return { id: endpoint, outputs: { ...inputs, scoringUri } };
  }

  return {
    problems: ({ inputs }) => inputProblems(inputs),

    diff: ({ oldInputs, inputs }) => {
      const endpoint = sameId(oldInputs["endpoint"], inputs["endpoint"])
        ? oldInputs["endpoint"]
        : inputs["endpoint"];
      return { changes: propertyChanges(oldInputs, { ...inputs, endpoint }, ["endpoint"]) };
    },

    create: async (request) =>
      request.preview
        ? { id: "", outputs: { ...request.inputs, scoringUri: unknown } }
        : write(request.inputs, request),

    update: async (request) => {
      const { scoringUri } = request.oldOutputs;
      return request.preview
        ? { outputs: { ...request.inputs, scoringUri } }
        : write(request.inputs, request);
    },

    read: async (request) => {
      if (!endpointId.test(request.id)) {
        throw new UserError(`${request.id} is not the ARM id of an online endpoint`);
      }
      const live = await readEndpoint(azure, request.id, callOf(request));
      if (!live) return undefined;
      const inputs = liveInputs(
        request.id,
        settingsOf(live, armsIn(request.inputs)),
        request.inputs,
      );
      return { id: request.id, inputs, outputs: { ...inputs, scoringUri: scoringUri(live) } };
    },

    delete: async (request) => {
      if (written.has(request.id.toLowerCase())) return;
      await clearRouting(azure, request.id, callOf(request));
    },
  };
}

function settingsIn(inputs: Properties): Settings {
  const { weights, mirror, authMode, publicNetworkAccess, tags, description } = inputs;
  return {
    weights,
    authMode,
    tags,
    ...(typeof publicNetworkAccess === "string" && { publicNetworkAccess }),
    ...(mirror !== undefined && mirror !== null && { mirror }),
    ...(typeof description === "string" && { description }),
  } as Settings;
}

/** Live settings as inputs, so that a refresh shows drift; what nobody declares and may be left out is none of ours. */
function liveInputs(
  endpoint: string,
  { description, publicNetworkAccess, ...settings }: Settings,
  declared: Properties,
): Properties {
  const imported = Object.keys(declared).length === 0;
  const accessible = imported || typeof declared["publicNetworkAccess"] === "string";
  const described = imported ? description : (description ?? "");
  const ours = imported || typeof declared["description"] === "string";
  return {
    endpoint: declared["endpoint"] ?? endpoint,
    ...settings,
    ...(accessible && { publicNetworkAccess }),
    ...(ours && described !== undefined && { description: described }),
  };
}

const armsIn = (inputs: Properties) => Object.keys((inputs["weights"] ?? {}) as object);

/** ARM ids differ in case between Azure's own answers. */
const sameId = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();
