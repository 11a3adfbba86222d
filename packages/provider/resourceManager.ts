import type { HttpMethods } from "@azure/core-rest-pipeline";
import { AzureError, errorText, isConflict } from "./azureError";
import { resourceManagerScope, type Cloud, type Pace } from "./cloud";
import { afterLook, afterWrite, type Answer, type Step } from "./longRunning";
import {
  askedPause,
  isAbort,
  paceOf,
  pause,
  senderOf,
  unreachable,
  type Call,
  type Sender,
} from "./pipeline";
import { Sequences } from "./together";
import { UserError } from "./userError";

/** The version that azure-native 3.28 speaks for Microsoft.MachineLearningServices. */
export const apiVersion = "2025-12-01";

export type Json = Record<string, unknown>;

/** A resource as Azure has it now. */
export interface Live {
  readonly body: Json;
  /** Names this state of the resource, where Azure gives one. */
  readonly etag?: string;
}

interface Sending {
  readonly body?: Json;
  readonly headers?: Record<string, string>;
  /** What to say of the resource when the user cancels. */
  readonly state?: string;
}

/** Azure Resource Manager: plain JSON in and out, so that properties this program does not know survive. */
export class ResourceManager {
  readonly #sender: Sender;
  readonly #origin: URL;
  readonly #pace: Pace;
  readonly #sequences = new Sequences();

  constructor(readonly cloud: Cloud) {
    this.#sender = senderOf(cloud, { scope: resourceManagerScope(cloud) });
    this.#origin = new URL(cloud.resourceManager);
    this.#pace = paceOf(cloud);
  }

  /**
   * The resource, or undefined where it or what holds it does not exist. Types of other services than machine
   * learning have other versions.
   */
  async get(id: string, call: Call = {}, version = apiVersion): Promise<Live | undefined> {
    const address = this.#address(id, { "api-version": version });
    const answer = await this.#send("GET", address, call);
    if (isAbsent(answer)) return undefined;
    if (answer.status !== 200) throw failure("read", id, answer);
    return { body: answer.body as Json, etag: answer.headers["etag"] };
  }

  /** Every item of a collection, page after page; empty where what holds it does not exist. */
  async list(id: string, query: Record<string, string>, call: Call = {}): Promise<Json[]> {
    const items: Json[] = [];
    let next: string | undefined = this.#address(id, query);
    while (next) {
      const answer = await this.#send("GET", next, call);
      if (isAbsent(answer)) return items;
      if (answer.status !== 200) throw failure("list", id, answer);
      const page = answer.body as { value?: Json[]; nextLink?: string | null };
      items.push(...(page.value ?? []));
      next = page.nextLink || undefined;
    }
    return items;
  }

  /**
   * What an action of the resource answers, for example `listKeys`; nothing where Azure goes on with it, which
   * `toEnd` waits for.
   */
  async act(
    id: string,
    action: string,
    call: Call & { readonly body?: Json; readonly toEnd?: true } = {},
    version = apiVersion,
  ): Promise<Json> {
    const address = this.#address(`${id}/${action}`, { "api-version": version });
    const answer = await this.#send("POST", address, call, { body: call.body });
    if (answer.status !== 200 && answer.status !== 202) throw failure(action, id, answer);
    if (call.toEnd && answer.status === 202) await this.#follow(id, afterWrite(answer), call);
    return (answer.body ?? {}) as Json;
  }

  /** Changes what the body names in one step, of a type whose PATCH is one; the rest stays. */
  async patch(id: string, body: Json, call: Call = {}, version = apiVersion): Promise<void> {
    await this.#change("PATCH", id, body, call, version);
  }

  /** Writes all of a resource whose PUT is one step. */
  async replace(id: string, body: Json, call: Call = {}, version = apiVersion): Promise<void> {
    await this.#change("PUT", id, body, call, version);
  }

  async #change(method: "PATCH" | "PUT", id: string, body: Json, call: Call, version: string) {
    const address = this.#address(id, { "api-version": version });
    const answer = await this.#send(method, address, call, {
      body,
      state: "while writing; run `pulumi refresh` later",
    });
    if (answer.status >= 300) throw failure("write", id, answer);
  }

  /**
   * Writes the whole resource and returns when Azure has finished. A conflict is thrown, not repeated: what was
   * read before the write may be old by then. See `untilFree`.
   */
  async put(
    id: string,
    body: Json,
    call: Call & { readonly match?: { etag: string } | "absent" } = {},
  ): Promise<void> {
    const headers: Record<string, string> = {};
    if (call.match === "absent") headers["if-none-match"] = "*";
    else if (call.match) headers["if-match"] = call.match.etag;
    const answer = await this.#send("PUT", this.#address(id), call, {
      body,
      headers,
      state: "while writing; Azure may have begun, so run `pulumi refresh` later",
    });
    if (answer.status >= 300) throw failure("write", id, answer);
    await this.#follow(id, afterWrite(answer), call);
  }

  /** Works on one resource in sequence, and again while other operations are in the way, until time is up. */
  async untilFree<Result>(id: string, call: Call, work: () => Promise<Result>): Promise<Result> {
    const end = this.#end(call);
    return this.#sequences.run(id.toLowerCase(), async () => {
      for (let wait = this.#pace.conflict; ; wait = Math.min(wait * 2, 60_000)) {
        try {
          return await work();
        } catch (error) {
          if (!isConflict(error) || Date.now() + wait > end) throw error;
          await this.#pause(
            wait,
            id,
            call,
            "while waiting for another operation; nothing was changed",
          );
        }
      }
    });
  }

  async #follow(id: string, first: Step, call: Call): Promise<void> {
    const end = this.#end(call);
    const goesOn = "while Azure was working; Azure goes on with it, so run `pulumi refresh` later";
    let step = first;
    while (step.kind === "look") {
      if (Date.now() > end) {
        throw new UserError(
          `writing ${id} has not ended after ${Math.round((call.timeoutMs ?? this.#pace.deadline) / 60_000)} minutes\n` +
            "Azure goes on with it. Look at the resource in the portal, then run this again; `customTimeouts` allows more time.",
        );
      }
      await this.#pause(step.afterMs ?? this.#pace.poll, id, call, goesOn);
      const address = step.at === "resource" ? this.#address(id) : step.at;
      const answer = await this.#send("GET", address, call, { state: goesOn });
      if (answer.status >= 300) throw failure("follow the write of", id, answer);
      step = afterLook(step, answer);
    }
    if (step.kind === "failed") throw new AzureError("write", id, 0, step.code, step.text);
  }

  async #send(
    method: HttpMethods,
    url: string,
    { signal }: Call,
    { body, headers, state = "while reading; nothing was changed" }: Sending = {},
  ): Promise<Answer> {
    this.#checkAddress(url);
    if (signal?.aborted) throw cancelled(new URL(url).pathname, "before this was asked of Azure");
    try {
      const response = await this.#sender({
        url,
        method,
        headers: {
          accept: "application/json",
          ...(body && { "content-type": "application/json" }),
          ...headers,
        },
        body: body && JSON.stringify(body),
        signal,
      });
      return {
        status: response.status,
        headers: response.headers.toJSON(),
        afterMs: askedPause(response),
        body: parse(response.bodyAsText),
      };
    } catch (error) {
      throw isAbort(error) ? cancelled(new URL(url).pathname, state) : unreachable(error, url);
    }
  }

  async #pause(ms: number, id: string, { signal }: Call, state: string): Promise<void> {
    await pause(ms, signal).catch(() => {
      throw cancelled(id, state);
    });
  }

  #end = (call: Call) => Date.now() + (call.timeoutMs ?? this.#pace.deadline);

  #address(id: string, query: Record<string, string> = {}): string {
    const url = new URL(
      this.cloud.resourceManager + id.split("/").map(encodeURIComponent).join("/"),
    );
    url.search = new URLSearchParams({ "api-version": apiVersion, ...query }).toString();
    return url.href;
  }

  /** Addresses that Azure names (next pages, operations) get our token: only Azure's own may. */
  #checkAddress(address: string): void {
    const { protocol, host } = new URL(address);
    const own = host === this.#origin.host || host.endsWith(`.${this.#origin.host}`);
    if (protocol === "https:" && own) return;
    throw new UserError(
      `will not send an Azure token to ${protocol}//${host}: only to https://${this.#origin.host}, which GENAIOPS_RESOURCE_MANAGER names`,
    );
  }
}

function failure(verb: string, id: string, answer: Answer): AzureError {
  const { code, text } = errorText(answer.body);
  const words =
    text || (typeof answer.body === "string" ? answer.body.slice(0, 500) : "no message");
  return new AzureError(verb, id, answer.status, code, words);
}

/** A wrong subscription is no absent resource: without access, Azure says that it does not exist. */
const isAbsent = (answer: Answer) =>
  answer.status === 404 && errorText(answer.body).code !== "SubscriptionNotFound";

const cancelled = (what: string, state: string) => new UserError(`${what}: cancelled ${state}`);

function parse(text: string | null | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
