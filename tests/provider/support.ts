import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import type { Cloud } from "../../packages/provider/cloud";
import { ResourceManager, type Json } from "../../packages/provider/resourceManager";
import { Azure, type AzureResponse, type SandboxSettings } from "../../packages/sandbox/azure";

/** The provider's requests, answered by the simulated Azure in this process. */

const ml = "azure-native:machinelearningservices";
export const group = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-one";
export const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ws-one`;
export const endpoint = `${workspace}/onlineEndpoints/web-one`;

export interface Sent {
  readonly method: string;
  /** Path without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  readonly body?: Json;
}

/** Answers in Azure's place, or undefined to let the simulated Azure answer. */
export type Interference = (request: Sent, count: number) => AzureResponse | undefined;

export class Cloudlet implements HttpClient {
  readonly azure: Azure;
  readonly requests: Sent[] = [];
  interfere: Interference = () => undefined;
  /** Requests that are on their way at the same time, at most. */
  most = 0;
  #open = 0;

  constructor(settings: SandboxSettings = {}) {
    this.azure = new Azure(undefined, settings);
    this.place("azure-native:resources:ResourceGroup", group, { location: "swedencentral" });
    this.place(`${ml}:Workspace`, workspace, { location: "swedencentral" });
  }

  async sendRequest(request: PipelineRequest) {
    this.most = Math.max(this.most, ++this.#open);
    await new Promise(setImmediate);
    this.#open--;
    const url = new URL(request.url);
    const sent: Sent = {
      method: request.method,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers.toJSON(),
      body: request.body ? (JSON.parse(request.body as string) as Json) : undefined,
    };
    this.requests.push(sent);
    const { status, headers, body } =
      this.interfere(sent, this.requests.length) ?? this.answer(sent);
    return {
      request,
      status,
      headers: createHttpHeaders(headers),
      bodyAsText: body === undefined ? undefined : JSON.stringify(body),
    };
  }

  answer({ method, path, query, body }: Sent): AzureResponse {
    const target = { method: method as "GET", path: `${path}?${query.toString()}`, body };
    return this.azure.request(target);
  }

  /** Puts a resource into the state without any rule. */
  place(token: string, id: string, body: Json): void {
    const full = { id, name: id.split("/").at(-1), ...body };
    this.azure.state.resources[id.toLowerCase()] = { token, id, body: full };
  }

  placeEndpoint(properties: Json, rest: Json = {}): void {
    this.place(`${ml}:OnlineEndpoint`, endpoint, {
      location: "swedencentral",
      kind: "Managed",
      identity: { type: "SystemAssigned", principalId: "p", tenantId: "t" },
      tags: {},
      ...rest,
      properties: {
        authMode: "AADToken",
        publicNetworkAccess: "Disabled",
        provisioningState: "Succeeded",
        scoringUri: "https://web-one.swedencentral.inference.ml.azure.com/score",
        traffic: {},
        mirrorTraffic: {},
        ...properties,
      },
    });
  }

  placeDeployment(name: string, provisioningState = "Succeeded"): void {
    const id = `${endpoint}/deployments/${name}`;
    this.place(`${ml}:OnlineDeployment`, id, { properties: { provisioningState } });
  }

  placeVersion(
    collection: "models" | "data" | "environments",
    name: string,
    version: string,
    properties: Json,
  ): string {
    const types = { models: "Model", data: "Data", environments: "Environment" };
    const id = `${workspace}/${collection}/${name}/versions/${version}`;
    this.place(`${ml}:${types[collection]}Version`, id, { properties });
    return id;
  }

  live(id: string): Json | undefined {
    return this.azure.state.resources[id.toLowerCase()]?.body;
  }

  get writes(): Sent[] {
    return this.requests.filter(({ method }) => method !== "GET");
  }

  cloud(pace: Cloud["pace"] = {}): Cloud {
    return {
      resourceManager: "https://management.azure.com",
      blobEndpoint: (account) => `https://${account}.blob.core.windows.net`,
      credential: {
        getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }),
      },
      httpClient: this,
      pace: { retry: 1, poll: 1, conflict: 1, deadline: 5_000, ...pace },
    };
  }

  resourceManager(pace?: Cloud["pace"]): ResourceManager {
    return new ResourceManager(this.cloud(pace));
  }
}

/** An answer of Azure that is no success. */
export const refusal = (
  status: number,
  code: string,
  message = "as the test wants",
  headers: Record<string, string> = {},
): AzureResponse => ({ status, headers, body: { error: { code, message } } });

/** Rejections as text, for exact expectations. */
export async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: Error) => error.message,
  );
}
