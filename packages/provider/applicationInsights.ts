import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type Pipeline,
} from "@azure/core-rest-pipeline";
import { AzureError, errorText } from "./azureError";
import type { Cloud } from "./cloud";
import { pipelineOf, unreachable, type Call } from "./pipeline";

const publicAddress = "https://api.applicationinsights.io";

/** Queries of Application Insights: learn.microsoft.com/azure/azure-monitor/logs/api/overview */
export class ApplicationInsights {
  readonly #pipeline: Pipeline;
  readonly #address: string;

  constructor(private readonly cloud: Cloud) {
    this.#address = cloud.applicationInsights ?? publicAddress;
    this.#pipeline = pipelineOf(cloud);
    this.#pipeline.addPolicy(
      bearerTokenAuthenticationPolicy({
        credential: cloud.credential,
        scopes: `${publicAddress}/.default`,
      }),
    );
  }

  /** Rows of the first table, as objects by column. */
  async query(
    appId: string,
    query: string,
    { signal }: Call = {},
  ): Promise<Record<string, unknown>[]> {
    const url = `${this.#address}/v1/apps/${encodeURIComponent(appId)}/query`;
    const request = createPipelineRequest({
      url,
      method: "POST",
      headers: createHttpHeaders({ "content-type": "application/json" }),
      body: JSON.stringify({ query }),
      abortSignal: signal,
    });
    const client = this.cloud.httpClient ?? createDefaultHttpClient();
    const response = await this.#pipeline.sendRequest(client, request).catch((error: unknown) => {
      throw unreachable(error, url);
    });
    const body = parsed(response.bodyAsText ?? "");
    if (response.status !== 200) {
      const { code, text } = errorText(body);
      throw new AzureError("query", url, response.status, code, text || "no message");
    }
    const [table] = (body as Answer).tables;
    return (table?.rows ?? []).map((row) =>
      Object.fromEntries((table?.columns ?? []).map(({ name }, index) => [name, row[index]])),
    );
  }
}

interface Answer {
  readonly tables: readonly {
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
  }[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { error: { code: "", message: text.slice(0, 500) } };
  }
}
