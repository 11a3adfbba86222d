import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

/** A request, read whole. */
export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer with at most one kind of body. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly xml?: string;
  readonly bytes?: Buffer;
  /** Milliseconds that the answer takes. @default it is sent at once */
  readonly afterMs?: number;
}

/** The token that a caller shows; undefined where the header Authorization holds none. */
export function bearerToken({ authorization = "" }: IncomingHttpHeaders): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization)?.[1];
}

/** A refusal in the form that Azure's services share: github.com/microsoft/api-guidelines, Error Response. */
export function refused(status: number, code: string, message: string): Reply {
  return { status, json: { error: { code, message } } };
}

export function unauthenticated(code: string, message: string): Reply {
  return {
    ...refused(401, code, message),
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  };
}

export async function readRequest(message: IncomingMessage, base: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? "GET",
    url: new URL(message.url ?? "/", base),
    headers: message.headers,
    body: Buffer.concat(chunks),
  };
}

function bodyOf(reply: Reply): { readonly type?: string; readonly body: Buffer } {
  if (reply.json !== undefined) {
    return {
      type: "application/json; charset=utf-8",
      body: Buffer.from(JSON.stringify(reply.json)),
    };
  }
  if (reply.xml !== undefined) return { type: "application/xml", body: Buffer.from(reply.xml) };
  return { body: reply.bytes ?? Buffer.alloc(0) };
}

export function writeReply(reply: Reply, method: string, response: ServerResponse): void {
  const { type, body } = bodyOf(reply);
  response.writeHead(reply.status, {
    ...(type === undefined ? {} : { "content-type": type }),
    ...(reply.status === 304 || reply.status === 204
      ? {}
      : { "content-length": String(body.length) }),
    ...reply.headers,
  });
  response.end(method === "HEAD" ? undefined : body);
}
