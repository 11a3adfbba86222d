import { randomBytes } from "node:crypto";
import * as https from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Azure, type AzureRequest, KillFault, type SandboxSettings } from "./azure";
import { type DevOpsSettings, emptyDevOps } from "./devops/state";
import { worldOf } from "./devops/world";
import { parseReference, push } from "./images";
import { operationAt } from "./operations";
import { BlobService } from "./server/blob";
import { ByteFolder } from "./server/blobStore";
import { makeCertificate } from "./server/certificate";
import { answerDevOps } from "./server/devops";
import { type Application, Entra } from "./server/entra";
import { type Reply, readRequest, type Request, writeReply } from "./server/http";
import { Jobs, type RunCommand, runInBash } from "./server/jobs";
import { type AnsweringModel, Models } from "./server/models";
import { type Grant, sandboxPerson } from "./server/principals";
import type { ArmBehaviours } from "./server/scored";
import { Scoring } from "./server/scoring";
import { StateFile, writeAtomically } from "./server/stateFile";
import { type Claims, hasExpired, isSignedBy, readClaims } from "./server/tokens";
import { defaultTenant } from "./state";
import { answerInsights, insightsAudience } from "./telemetry/insights";
import { answerMetrics, metricsOf } from "./telemetry/metrics";
import { apiVersion } from "./translate";

export type { JobCommand, RunCommand } from "./server/jobs";
export { type Grant, sandboxPerson } from "./server/principals";

export interface ServerSettings extends SandboxSettings {
  /** The simulated Azure DevOps: its people, what its imports bring. @default one person, empty imports */
  readonly devOps?: DevOpsSettings;
  /** Blobs are open only to principals with a data role in the model. @default true */
  readonly dataRoles?: boolean;
  /**
   * What a `kill` fault does once its write is stored: `drop` breaks the connection, `exit` ends the
   * process as a kill would. @default drop
   */
  readonly onKill?: "drop" | "exit";
  /** Roles that somebody granted before, beside those that are resources. @default none */
  readonly grants?: readonly Grant[];
  /** Called after every write to Resource Manager, refused ones too. @default nobody listens */
  readonly observe?: (write: ObservedWrite) => void;
  /** Service principals that log in with a secret, held in memory alone. @default none */
  readonly applications?: readonly Application[];
  /** How the arms behind endpoints answer. @default each answers `{}` at once */
  readonly arms?: ArmBehaviours;
  /** The same seed routes and fails the same requests to endpoints. @default 1 */
  readonly seed?: number;
  /** Answers for the model deployments of Azure OpenAI accounts. @default none answers */
  readonly models?: AnsweringModel;
  /** Runs the commands of jobs. @default bash on this machine, with the Python of GENAIOPS_PYTHON */
  readonly runJob?: RunCommand;
  /** Time of those requests, in milliseconds since 1970. @default the machine's clock */
  readonly clock?: () => number;
}

export interface ObservedWrite {
  readonly method: string;
  /** ARM path without its query. */
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
}

export interface Sandbox {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** PEM file of the certificate, new at every start. */
  readonly certificateFile: string;
  /** What a process needs to find the sandbox and to log in as the sandbox person. */
  readonly environment: Record<string, string>;
  /** The endpoints' requests so far, and how the next ones end. They live as long as the server. */
  readonly scoring: Scoring;
  close(): Promise<void>;
}

const storageAudience = /^https:\/\/(storage\.azure\.com|[a-z0-9]+\.blob\.)/;

/**
 * The simulated Azure over HTTPS on 127.0.0.1: Resource Manager under `/subscriptions`, the blob service
 * under `/blob/<account>/<container>/<path>`, the endpoints' data plane under `/scoring/<host>`, that of Azure
 * OpenAI under `/models/<host>`, and Entra's login under `/<tenant>`. It lives in `stateFile`, which is whole at any moment; blob bytes, certificate and
 * the person's login lie beside it.
 */
export async function startSandbox(options: {
  readonly stateFile: string;
  readonly settings?: ServerSettings;
}): Promise<Sandbox> {
  const { settings = {} } = options;
  const stateFile = path.resolve(options.stateFile);
  const file = new StateFile(stateFile);
  const certificate = await makeCertificate();
  const server = https.createServer(certificate);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tenantId = settings.tenantId ?? defaultTenant;
  const certificateFile = `${stateFile}.pem`;
  const front = new Front(url, tenantId, file, stateFile, settings);
  server.on("request", (message, response) => void front.serve(message, response));

  const tokenFile = `${stateFile}.person`;
  writeAtomically(certificateFile, certificate.cert);
  writeAtomically(tokenFile, front.personAssertion());
  return {
    url,
    certificateFile,
    environment: {
      GENAIOPS_SANDBOX: url,
      GENAIOPS_RESOURCE_MANAGER: url,
      GENAIOPS_BLOB_ENDPOINT: `${url}/blob/{account}`,
      GENAIOPS_INSIGHTS_ENDPOINT: url,
      GENAIOPS_SCORING_ENDPOINT: `${url}/scoring/{host}`,
      AZURE_AUTHORITY_HOST: url,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: sandboxPerson.clientId,
      AZURE_FEDERATED_TOKEN_FILE: tokenFile,
      NODE_EXTRA_CA_CERTS: certificateFile,
    },
    scoring: front.scoring,
    close: async () => {
      await front.jobs.close();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
}

/** Routes requests to the three services and stores what they changed before it answers. */
class Front {
  private readonly key = randomBytes(32);
  private readonly azure: Azure;
  private readonly entra: Entra;
  private readonly blob: BlobService;
  readonly scoring: Scoring;
  readonly jobs: Jobs;
  private readonly models: Models;

  constructor(
    private readonly url: string,
    tenantId: string,
    private readonly file: StateFile,
    stateFile: string,
    private readonly settings: ServerSettings,
  ) {
    const { azure: state, blobs } = this.file.state;
    const bytes = new ByteFolder(`${stateFile}.blobs`);
    const grants = settings.grants ?? [];
    const applications = settings.applications ?? [];
    this.azure = new Azure(state, {
      ...settings,
      tenantId,
      resourceManager: url,
      principals: [
        sandboxPerson.objectId,
        ...applications.map(({ objectId }) => objectId),
        ...(settings.principals ?? []),
      ],
    });
    this.entra = new Entra(url, tenantId, this.key, state, applications);
    this.blob = new BlobService(
      { state, blobs, bytes },
      { url, tenantId, dataRoles: settings.dataRoles ?? true, grants },
      (token) => this.claims(token),
      (accountId, name) => this.createContainer(accountId, name),
    );
    this.scoring = new Scoring(state, settings, (token) => this.claims(token));
    this.models = new Models(state, { grants, answering: settings.models }, (token) =>
      this.claims(token),
    );
    const certificate = `${stateFile}.pem`;
    this.jobs = new Jobs(
      { state, blobs, bytes },
      {
        folder: `${stateFile}.jobs`,
        grants,
        environment: {
          GENAIOPS_RESOURCE_MANAGER: url,
          GENAIOPS_MODEL_ENDPOINT: `${url}/models/{host}`,
          MSI_ENDPOINT: `${url}/identity/token`,
          SSL_CERT_FILE: certificate,
          REQUESTS_CA_BUNDLE: certificate,
        },
        run: settings.runJob ?? runInBash,
        saved: () => this.file.saved(),
      },
    );
  }

  personAssertion(): string {
    return this.entra.personAssertion();
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(message, this.url);
      const reply = request.url.pathname.startsWith("/models/")
        ? await this.models.handle(request)
        : this.answer(request);
      if (this.mayChange(request)) await this.file.saved();
      if (reply.afterMs) await sleep(reply.afterMs);
      writeReply(reply, request.method, response);
    } catch (error) {
      if (error instanceof KillFault) return this.kill(message);
      const text = error instanceof Error ? error.message : String(error);
      writeReply(
        { status: 500, json: { error: { code: "SandboxFault", message: text } } },
        "GET",
        response,
      );
    }
  }

  /**
   * A read leaves everything as it is, but for a look at a running operation, which moves on by looks. The
   * state is not even compared with its file for a read: with many flows that costs more than all else.
   */
  private mayChange({ method, url }: Request): boolean {
    if (/^\/(scoring|models)\//.test(url.pathname)) return false;
    if (method !== "GET" && method !== "HEAD") return true;
    return operationAt(this.file.state.azure, url.pathname) !== undefined;
  }

  private kill(message: IncomingMessage): void {
    this.file.save();
    if (this.settings.onKill === "exit") process.kill(process.pid, "SIGKILL");
    message.socket.destroy();
  }

  private answer(request: Request): Reply {
    const { pathname } = request.url;
    if (pathname.startsWith("/blob/")) return this.blob.handle(request);
    if (/^\/(subscriptions|providers)\//i.test(pathname)) return this.manage(request);
    if (pathname.startsWith("/images/")) return this.push(request);
    if (pathname.startsWith("/devops/")) return this.devOps(request);
    if (pathname.startsWith("/v1/apps/")) return this.insights(request);
    if (pathname.startsWith("/scoring/")) return this.scoring.handle(request);
    if (pathname === "/identity/token") return this.identityToken(request);
    return this.entra.handle(request);
  }

  /** The token endpoint of jobs: a job gets tokens of its own identity, by the secret in its environment. */
  private identityToken({ headers, url: { searchParams } }: Request): Reply {
    const principal = this.jobs.principal(String(headers["secret"]));
    const clientId = searchParams.get("clientid");
    if (!principal || (clientId !== null && clientId !== principal.clientId)) {
      return { status: 401, json: { error: "invalid_client" } };
    }
    const resource = searchParams.get("resource") ?? "";
    return { status: 200, json: this.entra.identityToken(principal, resource) };
  }

  private claims(token: string): Claims | undefined {
    const claims = readClaims(token);
    return claims && isSignedBy(token, this.key) && !hasExpired(claims) ? claims : undefined;
  }

  /** `PUT /images/<server>/<repository>:<tag>@<digest>`: what the simulated daemon has built and pushed. */
  private push({ method, url }: Request): Reply {
    const reference = parseReference(decodeURIComponent(url.pathname.slice("/images/".length)));
    const { tag, digest } = reference ?? {};
    if (method !== "PUT" || !reference || tag === undefined || digest === undefined) {
      return { status: 400, json: { error: { code: "MANIFEST_INVALID", message: "no image" } } };
    }
    const refused = push(this.azure.state, { ...reference, tag, digest });
    return refused ? { status: refused.status, json: { error: refused } } : { status: 201 };
  }

  /** The organisation that trusts this tenant. */
  private devOps(request: Request): Reply {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (!this.claims(token)) return unauthenticated("TF400813", "The access token is invalid.");
    const { azure: state } = this.file.state;
    const organisation = (this.file.state.devops ??= emptyDevOps());
    const { tenantId = defaultTenant, principals = [] } = this.azure.settings;
    return answerDevOps(
      worldOf(organisation, { state, tenantId, principals }, this.settings.devOps),
      request,
    );
  }

  private manage(request: Request): Reply {
    const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
    if (scheme === "")
      return unauthenticated(
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
      );
    const claims = /^Bearer$/i.test(scheme) ? this.claims(token) : undefined;
    if (!claims)
      return unauthenticated("InvalidAuthenticationToken", "The access token is invalid.");
    if (storageAudience.test(claims.aud)) {
      const message = `The access token has been obtained for wrong audience or resource '${claims.aud}'.`;
      return unauthenticated("InvalidAuthenticationTokenAudience", message);
    }
    const endpoint = metricsOf(decodeURIComponent(request.url.pathname));
    if (endpoint !== undefined) return this.metrics(request, endpoint);
    const text = request.body.toString("utf8");
    let body: unknown;
    try {
      body = text === "" ? undefined : JSON.parse(text);
    } catch {
      const message = "The request content was invalid and could not be deserialized.";
      return { status: 400, json: { error: { code: "InvalidRequestContent", message } } };
    }
    const path = decodeURIComponent(request.url.pathname);
    const answer = this.azure.request({
      method: request.method as AzureRequest["method"],
      path: path + request.url.search,
      body,
      principal: claims.oid,
    });
    if (this.mayChange(request)) this.blob.forgetRemoved();
    if (request.method !== "GET") this.jobs.look(path.replace(/\/cancel$/i, ""));
    if (request.method !== "GET") {
      this.settings.observe?.({ method: request.method, path, body, status: answer.status });
    }
    return { status: answer.status, headers: answer.headers, json: answer.body };
  }

  private metrics(request: Request, endpoint: string): Reply {
    const known = this.azure.state.resources[endpoint.toLowerCase()];
    return known
      ? answerMetrics(request, known.id, this.scoring.requests)
      : {
          status: 404,
          json: {
            error: {
              code: "ResourceNotFound",
              message: `The Resource '${endpoint}' was not found.`,
            },
          },
        };
  }

  private insights(request: Request): Reply {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (this.claims(token)?.aud !== insightsAudience) {
      return unauthenticated("AuthorizationRequiredError", "Valid authentication was not provided");
    }
    return answerInsights(request, this.azure.state, this.scoring);
  }

  private createContainer(accountId: string, name: string): void {
    const version = apiVersion("azure-native:storage:BlobContainer");
    const path = `${accountId}/blobServices/default/containers/${name}?api-version=${version}`;
    const made = this.azure.request({ method: "PUT", path, body: { properties: {} } });
    if (made.status >= 400) throw new Error(JSON.stringify(made.body));
  }
}

function unauthenticated(code: string, message: string): Reply {
  return {
    status: 401,
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
    json: { error: { code, message } },
  };
}
