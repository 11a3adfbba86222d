import { AzureError, errorText } from "./azureError";
import type { Cloud } from "./cloud";
import { senderOf, unreachable, type Call, type Sender } from "./pipeline";

const publicAddress = "https://api.applicationinsights.io";

/** Queries of Application Insights: learn.microsoft.com/azure/azure-monitor/logs/api/overview */
export class ApplicationInsights {
  readonly #sender: Sender;
  readonly #address: string;

  constructor(cloud: Cloud) {
    this.#address = cloud.applicationInsights ?? publicAddress;
    this.#sender = senderOf(cloud, { scope: `${publicAddress}/.default` });
  }

  /** Rows of the first table, as objects by column. */
  async query(
    appId: string,
    query: string,
    { signal }: Call = {},
  ): Promise<Record<string, unknown>[]> {
    const url = `${this.#address}/v1/apps/${encodeURIComponent(appId)}/query`;
    const response = await this.#sender({
      url,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
      signal,
    }).catch((error: unknown) => {
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
