import { readFileSync } from "node:fs";
import * as https from "node:https";
import { UserError } from "../../provider/userError";

/** How the simulated providers reach the sandbox. */

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** A refusal of Azure, worded as azure-native words it. */
export class AzureError extends UserError {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`Status=${status} Code=${JSON.stringify(code)} Message=${JSON.stringify(message)}`);
  }
}

const agent = new https.Agent({ keepAlive: true });

function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, body: text === "" ? undefined : JSON.parse(text) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function refusal({ status, body }: Answer): AzureError {
  const error = (body as { error?: { code?: string; message?: string } } | undefined)?.error;
  return new AzureError(status, error?.code ?? String(status), error?.message ?? "no message");
}

const setting = (name: string): string => {
  const value = process.env[name];
  if (value) return value;
  throw new UserError(
    `${name} is not set; the simulated providers run inside a sandbox: npm run sandbox -- preview --stack dev`,
  );
};

/** Statuses that Azure's clients try again (azcore, policy/retry). */
const retried = new Set([408, 429, 500, 502, 503, 504]);
const attempts = 4;

/** At least a moment, so that a poll without `Retry-After` does not spin. */
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(10, milliseconds)));

/** Azure Resource Manager in the sandbox, as the principal of the environment. */
export class Connection {
  private readonly url = setting("GENAIOPS_SANDBOX");
  private token?: Promise<string>;

  /** Claims of the token: `oid`, `appid`, `tid`. */
  async claims(): Promise<Record<string, string>> {
    const payload = (await this.accessToken()).split(".")[1] ?? "";
    return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, string>;
  }

  /** The resource at the path, or undefined where there is none. */
  async get(path: string): Promise<Record<string, unknown> | undefined> {
    const answer = await this.send("GET", path);
    if (answer.status === 404) return undefined;
    if (answer.status >= 400) throw refusal(answer);
    return answer.body as Record<string, unknown>;
  }

  /** Begin a write. The answer's `finish` waits for the end of a long-running one. */
  async begin(
    method: "PUT" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<{ finish(): Promise<void> }> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 400 && !(method === "DELETE" && answer.status === 404))
      throw refusal(answer);
    const operation = answer.headers["azure-asyncoperation"];
    return {
      finish: async () => void (typeof operation === "string" && (await this.wait(operation))),
    };
  }

  /** The answer to a request that is over with its answer. */
  async post(path: string, body: unknown): Promise<Record<string, unknown>> {
    const answer = await this.send("POST", path, body);
    if (answer.status >= 400) throw refusal(answer);
    return answer.body as Record<string, unknown>;
  }

  /** Tell the sandbox of an image that was pushed, `<server>/<repository>:<tag>@<digest>`. */
  async pushed(image: string): Promise<void> {
    const answer = await this.send("PUT", `/images/${image}`);
    if (answer.status >= 400) throw refusal(answer);
  }

  private async wait(operation: string): Promise<void> {
    for (;;) {
      const answer = await this.send("GET", operation);
      if (answer.status >= 400) throw refusal(answer);
      const state = answer.body as { status?: string; error?: { code?: string; message?: string } };
      if (state.status === "Succeeded") return;
      if (state.status === "Failed" || state.status === "Canceled") {
        const { code = state.status, message = "the operation did not succeed" } =
          state.error ?? {};
        throw new AzureError(200, code, message);
      }
      await pause(Number(answer.headers["retry-after"] ?? 0) * 1000);
    }
  }

  private async send(method: string, target: string, body?: unknown): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(
        method,
        target.startsWith("https:") ? target : this.url + target,
        { authorization: `Bearer ${await this.accessToken()}`, "content-type": "application/json" },
        body === undefined ? undefined : JSON.stringify(body),
      );
      if (attempt === attempts || !retried.has(answer.status)) return answer;
      const asked = answer.headers["retry-after"];
      await pause(asked === undefined ? 50 * 2 ** attempt : Number(asked) * 1000);
    }
  }

  private accessToken(): Promise<string> {
    this.token ??= this.logIn();
    return this.token;
  }

  private async logIn(): Promise<string> {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: setting("AZURE_CLIENT_ID"),
      scope: "https://management.azure.com/.default",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: readFileSync(setting("AZURE_FEDERATED_TOKEN_FILE"), "utf8"),
    });
    const address = `${this.url}/${setting("AZURE_TENANT_ID")}/oauth2/v2.0/token`;
    const answer = await send(
      "POST",
      address,
      { "content-type": "application/x-www-form-urlencoded" },
      String(form),
    );
    const reply = answer.body as { access_token?: string; error_description?: string };
    if (reply.access_token) return reply.access_token;
    throw new UserError(
      `logging in to the sandbox failed: ${reply.error_description ?? answer.status}`,
    );
  }
}
