import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Azure, KillFault } from "../azure";
import { emptyDevOps } from "../devops/state";
import { worldOf } from "../devops/world";
import { parseReference, push } from "../images";
import { operationAt } from "../operations";
import { defaultTenant } from "../state";
import { answerInsights, insightsAudience } from "../telemetry/insights";
import { apiVersion } from "../translate";
import { BlobService } from "./blob";
import { ByteFolder } from "./blobStore";
import { answerDevOps } from "./devops";
import { Entra } from "./entra";
import {
  bearerToken,
  readRequest,
  refused,
  type Reply,
  type Request,
  unauthenticated,
  writeReply,
} from "./http";
import { runInBash } from "./jobCommand";
import { Jobs } from "./jobs";
import { Models } from "./models";
import { sandboxPerson } from "./principals";
import { answerResourceManager } from "./resourceManager";
import { Scoring } from "./scoring";
import type { ServerSettings } from "./settings";
import type { StateFile } from "./stateFile";
import { type Claims, hasExpired, isSignedBy, readClaims } from "./tokens";

/** Routes requests to the services and stores what they changed before it answers. */
export class Front {
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
    const claimsOf = (token: string) => this.claims(token);
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
      { url, tenantId, dataRoles: settings.dataRoles ?? true, grants, claimsOf },
      (accountId, name) => this.createContainer(accountId, name),
    );
    this.scoring = new Scoring(state, settings, claimsOf);
    this.models = new Models(state, { grants, answering: settings.models }, claimsOf);
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
      writeReply(refused(500, "SandboxFault", text), "GET", response);
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
      return refused(400, "MANIFEST_INVALID", "no image");
    }
    const refusal = push(this.azure.state, { ...reference, tag, digest });
    return refusal ? { status: refusal.status, json: { error: refusal } } : { status: 201 };
  }

  /** The organisation that trusts this tenant. */
  private devOps(request: Request): Reply {
    if (!this.claims(bearerToken(request.headers) ?? ""))
      return unauthenticated("TF400813", "The access token is invalid.");
    const { azure: state } = this.file.state;
    const organisation = (this.file.state.devops ??= emptyDevOps());
    const { tenantId = defaultTenant, principals = [] } = this.azure.settings;
    return answerDevOps(
      worldOf(organisation, { state, tenantId, principals }, this.settings.devOps),
      request,
    );
  }

  private manage(request: Request): Reply {
    const { azure, scoring } = this;
    const reply = answerResourceManager(request, {
      azure,
      scored: scoring.requests,
      claimsOf: (token) => this.claims(token),
      written: (write) => {
        this.jobs.look(write.path.replace(/\/cancel$/i, ""));
        this.settings.observe?.(write);
      },
    });
    if (this.mayChange(request)) this.blob.forgetRemoved();
    return reply;
  }

  private insights(request: Request): Reply {
    if (this.claims(bearerToken(request.headers) ?? "")?.aud !== insightsAudience) {
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
