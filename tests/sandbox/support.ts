import { Azure, type AzureResponse, type SandboxSettings } from "../../packages/sandbox/azure";
import { apiVersion, toBody, toPath } from "../../packages/sandbox/translate";

/** Requests as azure-native would make them, short enough for a table of tests. */

export const subscription = "11111111-1111-1111-1111-111111111111";
export const location = "swedencentral";
export const ml = "azure-native:machinelearningservices";
export const group = { resourceGroupName: "rg-genaiops" };
export const inWorkspace = { ...group, workspaceName: "ws-genaiops" };

export type Inputs = Record<string, unknown>;

export function idOf(token: string, inputs: Inputs): string {
  return toPath(token, inputs, subscription);
}

export class Caller {
  readonly azure: Azure;

  constructor(settings: SandboxSettings = {}) {
    this.azure = new Azure(undefined, settings);
  }

  put(token: string, inputs: Inputs): AzureResponse {
    const path = `${idOf(token, inputs)}?api-version=${apiVersion(token)}`;
    return this.azure.request({ method: "PUT", path, body: toBody(token, inputs) });
  }

  send(
    method: "GET" | "PUT" | "PATCH" | "DELETE" | "POST",
    id: string,
    body?: unknown,
  ): AzureResponse {
    const path = `${id}${id.includes("?") ? "&" : "?"}api-version=2025-12-01`;
    return this.azure.request({ method, path, body });
  }

  /** PUT that must succeed, and its operation polled to the end. */
  make(token: string, inputs: Inputs): Inputs {
    const response = this.put(token, inputs);
    if (response.status >= 300) throw new Error(JSON.stringify(response.body));
    this.settle(response);
    return this.send("GET", idOf(token, inputs)).body as Inputs;
  }

  settle(response: AzureResponse): string {
    const url = response.headers["Azure-AsyncOperation"];
    if (!url) return "Succeeded";
    for (let turn = 0; turn < 20; turn += 1) {
      const { body } = this.azure.request({
        method: "GET",
        path: new URL(url).pathname + new URL(url).search,
      });
      const { status } = body as { status: string };
      if (status !== "InProgress") return status;
    }
    throw new Error(`${url} does not end`);
  }
}

/** `400 BadRequest: message` of a refusal, for exact expectations. */
export function said(response: AzureResponse): string {
  const { error } = response.body as { error?: { code: string; message: string } };
  return error ? `${response.status} ${error.code}: ${error.message}` : String(response.status);
}
