import { randomUUID } from "node:crypto";
import type { AzureState } from "../state";
import type { Reply, Request } from "./http";
import { findIdentity, type Principal, sandboxPerson } from "./principals";
import { type Claims, hasExpired, isSignedBy, readClaims, signToken } from "./tokens";

/** An application that logs in with a secret. It lives as long as the server and is stored nowhere. */
export interface Application extends Principal {
  readonly clientSecret: string;
}

/** Audience of a federated assertion: learn.microsoft.com/entra/workload-id/workload-identity-federation. */
const exchangeAudience = "api://AzureADTokenExchange";
const lifetimeSeconds = 3600;

class LoginError extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly code: number,
    message: string,
  ) {
    super(`AADSTS${code}: ${message}`);
  }
}

/**
 * The login service: what @azure/identity's credentials ask for. Assertions of other issuers are compared
 * with the federated credentials by their claims; their signatures cannot be checked here.
 */
export class Entra {
  constructor(
    private readonly url: string,
    private readonly tenantId: string,
    private readonly key: Buffer,
    private readonly state: AzureState,
    private readonly applications: readonly Application[],
  ) {}

  /** The assertion with which the sandbox person logs in; it ends with this server. */
  personAssertion(): string {
    const day = 24 * 3600;
    return signToken(
      {
        iss: `${this.url}/person`,
        sub: sandboxPerson.objectId,
        aud: exchangeAudience,
        exp: Math.floor(Date.now() / 1000) + 7 * day,
      },
      this.key,
    );
  }

  handle(request: Request): Reply {
    const { pathname } = request.url;
    if (pathname === "/common/discovery/instance") return { status: 200, json: this.instance() };
    const [, tenant = "", ...rest] = pathname.split("/");
    const what = rest.join("/");
    try {
      if (what === "v2.0/.well-known/openid-configuration") {
        this.requireTenant(tenant);
        return { status: 200, json: this.configuration(tenant) };
      }
      if (what === "oauth2/v2.0/token" && request.method === "POST") {
        this.requireTenant(tenant);
        return {
          status: 200,
          json: this.token(new URLSearchParams(request.body.toString("utf8"))),
        };
      }
      return {
        status: 404,
        json: { error: { code: "NotFound", message: `nothing at ${pathname}` } },
      };
    } catch (error) {
      if (error instanceof LoginError) return refused(error);
      throw error;
    }
  }

  private requireTenant(tenant: string): void {
    if (tenant.toLowerCase() === this.tenantId.toLowerCase()) return;
    throw new LoginError(400, "invalid_tenant", 90002, `Tenant '${tenant}' not found.`);
  }

  private instance(): object {
    const host = new URL(this.url).host;
    return {
      tenant_discovery_endpoint: `${this.url}/${this.tenantId}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    };
  }

  private configuration(tenant: string): object {
    const base = `${this.url}/${tenant}`;
    return {
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    };
  }

  private token(form: URLSearchParams): object {
    if (form.get("grant_type") !== "client_credentials") {
      const given = form.get("grant_type") ?? "";
      throw new LoginError(
        400,
        "unsupported_grant_type",
        70003,
        `The app requested an unsupported grant type '${given}'.`,
      );
    }
    const scope = (form.get("scope") ?? "").split(" ").find((one) => one.endsWith("/.default"));
    if (!scope)
      throw new LoginError(
        400,
        "invalid_scope",
        70011,
        "The provided value for scope is not valid.",
      );
    const principal = this.logIn(form.get("client_id") ?? "", form);
    return {
      token_type: "Bearer",
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      access_token: this.sign(principal, scope.slice(0, -"/.default".length)),
    };
  }

  /** What Azure ML's own token endpoint answers a job: azure-identity's AzureMLCredential. */
  identityToken(principal: Principal, resource: string): object {
    return {
      access_token: this.sign(principal, resource),
      expires_on: Math.floor(Date.now() / 1000) + lifetimeSeconds,
      resource,
      token_type: "Bearer",
      client_id: principal.clientId,
    };
  }

  private sign(principal: Principal, audience: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims: Claims = {
      aud: audience.replace(/\/+$/, ""),
      iss: `${this.url}/${this.tenantId}/v2.0`,
      iat: now,
      nbf: now,
      exp: now + lifetimeSeconds,
      appid: principal.clientId,
      oid: principal.objectId,
      sub: principal.objectId,
      tid: this.tenantId,
      idtyp: "app",
    };
    return signToken(claims, this.key);
  }

  private logIn(clientId: string, form: URLSearchParams): Principal {
    const assertion = form.get("client_assertion");
    if (assertion !== null) return this.logInByAssertion(clientId, assertion);
    const application = this.applications.find((one) => one.clientId === clientId);
    if (!application) throw unknownApplication(clientId);
    if (form.get("client_secret") === application.clientSecret) return application;
    throw new LoginError(
      401,
      "invalid_client",
      7000215,
      `Invalid client secret provided for app '${clientId}'.`,
    );
  }

  private logInByAssertion(clientId: string, assertion: string): Principal {
    const claims = readClaims(assertion);
    if (!claims) {
      throw new LoginError(401, "invalid_client", 50027, "JWT token is invalid or malformed.");
    }
    if (hasExpired(claims)) {
      throw new LoginError(
        401,
        "invalid_client",
        700024,
        "Client assertion is not within its valid time range.",
      );
    }
    if (clientId === sandboxPerson.clientId) {
      if (claims.iss === `${this.url}/person` && isSignedBy(assertion, this.key))
        return sandboxPerson;
      throw noFederation(claims);
    }
    const identity = findIdentity(this.state, clientId);
    if (!identity) throw unknownApplication(clientId);
    const matches = identity.federated.some(
      ({ issuer, subject, audiences }) =>
        issuer === claims.iss && subject === claims.sub && audiences.includes(claims.aud),
    );
    if (matches) return identity;
    throw noFederation(claims);
  }
}

function unknownApplication(clientId: string): LoginError {
  const message = `Application with identifier '${clientId}' was not found in the directory.`;
  return new LoginError(400, "unauthorized_client", 700016, message);
}

/**
 * Compared exactly, case included: learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations.
 */
function noFederation(claims: Claims): LoginError {
  const message =
    "No matching federated identity record found for presented assertion. " +
    `Assertion Issuer: '${claims.iss}'. Assertion Subject: '${claims.sub}'. Assertion Audience: '${claims.aud}'.`;
  return new LoginError(401, "invalid_client", 70021, message);
}

function refused(error: LoginError): Reply {
  const json = {
    error: error.error,
    error_description: error.message,
    error_codes: [error.code],
    timestamp: new Date().toISOString(),
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
  };
  return { status: error.status, json };
}
