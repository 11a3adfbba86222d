import { answer, readBody, refusal, type AzureResponse } from "./answer";
import type { Facts } from "./facts";
import { key, lastName, parentId, resourceGroupOf } from "./ids";
import { listPage } from "./list";
import { operationAt, poll } from "./operations";
import { valueAt, type Json } from "./paths";
import { isRefusal, refuse } from "./rules/rule";
import { siteConfigAt } from "./siteConfig";
import { purgeAt } from "./softDelete";
import {
  defaultQuotas,
  defaultTenant,
  emptyState,
  type AzureState,
  type SandboxSettings,
} from "./state";
import { matchList, matchResource, typeOf } from "./types/table";
import type { Request, World } from "./world";
import { patch, put, remove } from "./write";

export type { AzureResponse } from "./answer";
export type { AzureState, SandboxSettings } from "./state";
export { KillFault } from "./state";

export interface AzureRequest {
  method: "GET" | "PUT" | "PATCH" | "DELETE" | "POST";
  /** ARM path with its query: `/subscriptions/…?api-version=2025-12-01`. */
  path: string;
  body?: unknown;
  /** Object id of the caller. */
  principal?: string;
}

const userAssigned = "azure-native:managedidentity:UserAssignedIdentity";
const defaultNow = Date.UTC(2026, 0, 1);

/**
 * The simulated Azure: one store, one table of types. Everything it makes up (ids, principals, addresses)
 * follows from the resource's id, so equal requests give equal states; no clock runs and nothing is random.
 */
export class Azure implements World {
  readonly state: AzureState;

  constructor(
    state?: AzureState,
    readonly settings: SandboxSettings = {},
  ) {
    this.state = state ?? emptyState();
  }

  /** Throws KillFault when a fault of the settings says so; everything else is an answer. */
  request({ method, path: pathAndQuery, body, principal }: AzureRequest): AzureResponse {
    const [path = "", queryText = ""] = pathAndQuery.split("?");
    const query = new URLSearchParams(queryText);
    const version = query.get("api-version");
    if (!version) {
      return refusal(
        refuse(
          400,
          "MissingApiVersionParameter",
          "The api-version query parameter (?api-version=) is required for all requests.",
        ),
      );
    }
    if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version)) {
      return refusal(
        refuse(400, "InvalidApiVersionParameter", `The api-version '${version}' is invalid.`),
      );
    }
    const operation = operationAt(this.state, path);
    if (operation) return this.status(operation);
    const purged = purgeAt(this, method, path);
    if (purged) return purged;
    const request: Request = { query, sent: body, principal };
    const config = siteConfigAt(this, method, path, request);
    if (config) return config;
    if (method === "POST") return this.act(path, request);
    if (!matchResource(path)) return method === "GET" ? this.list(path, query) : unknownType(path);
    switch (method) {
      case "GET":
        return this.read(path);
      case "PUT":
        return put(this, path, request);
      case "PATCH":
        return patch(this, path, request);
      case "DELETE":
        return remove(this, path, request);
    }
  }

  facts = (id: string, body: Json, request: Request): Facts => {
    const match = matchResource(id);
    if (!match) throw new Error(`${id} has no type in the sandbox's table`);
    const { state, settings } = this;
    const declared = new Set(
      (settings.principals ?? []).map((principal) => principal.toLowerCase()),
    );
    const find = (other: unknown) =>
      typeof other === "string" ? state.resources[key(other)] : undefined;
    const ofToken = <Item extends { token: string }>(items: Record<string, Item>, token: string) =>
      Object.values(items).filter((item) => item.token === token);
    return {
      id,
      name: lastName(id),
      ...match,
      ...request,
      body,
      before: find(id)?.body,
      state,
      blobEndpoint: (account) =>
        settings.resourceManager
          ? `${settings.resourceManager}/blob/${account}`
          : `https://${account}.blob.core.windows.net`,
      now: settings.now ?? defaultNow,
      tenantId: settings.tenantId ?? defaultTenant,
      quotas: { ...defaultQuotas, ...settings.quotas },
      location: String(body["location"] ?? find(id)?.body["location"] ?? this.locationAbove(id)),
      find,
      all: (token) => ofToken(state.resources, token),
      deleted: (token) =>
        ofToken(state.deleted, token).filter(({ until }) => until > (settings.now ?? defaultNow)),
      principalExists: (principal) =>
        this.identities().has(principal.toLowerCase()) || declared.has(principal.toLowerCase()),
      identityExists: (principal) => this.identities().has(principal.toLowerCase()),
    };
  };

  private locationAbove(id: string): string {
    const group = resourceGroupOf(id);
    for (let above = parentId(id); group && above.length >= group.length; above = parentId(above)) {
      const location = this.state.resources[key(above)]?.body["location"];
      if (typeof location === "string") return location;
    }
    return String((group && this.state.resources[key(group)]?.body["location"]) ?? "");
  }

  /** Object ids of the identities that resources have or are. */
  private identities(): Set<string> {
    const known = Object.values(this.state.resources).flatMap(({ token, body }) => [
      valueAt(body, "identity.principalId"),
      token === userAssigned ? valueAt(body, "properties.principalId") : undefined,
    ]);
    return new Set(
      known.filter((item) => typeof item === "string").map((item) => item.toLowerCase()),
    );
  }

  private read(path: string): AzureResponse {
    const stored = this.state.resources[key(path)];
    if (stored) return answer(200, readBody(stored));
    const group = resourceGroupOf(path);
    if (group && !this.state.resources[key(group)]) {
      return refusal(
        refuse(
          404,
          "ResourceGroupNotFound",
          `Resource group '${lastName(group)}' could not be found.`,
        ),
      );
    }
    return refusal(refuse(404, "ResourceNotFound", `The Resource '${path}' was not found.`));
  }

  private list(path: string, query: URLSearchParams): AzureResponse {
    const match = matchList(path);
    if (!match) return unknownType(path);
    const base = this.settings.resourceManager ?? "https://management.azure.com";
    return listPage({ base, path, query, token: match.token, resources: this.state.resources });
  }

  private act(path: string, request: Request): AzureResponse {
    const id = path.slice(0, path.lastIndexOf("/"));
    const stored = this.state.resources[key(id)];
    const verb = lastName(path).toLowerCase();
    const token = stored?.token ?? matchResource(id)?.token;
    const type = token === undefined ? undefined : typeOf(token);
    const known = { ...(stored ? type?.actions : {}), ...type?.actionsBefore };
    const action = Object.entries(known).find(([name]) => name.toLowerCase() === verb)?.[1];
    if (!action)
      return refusal(refuse(404, "ResourceNotFound", `The resource '${path}' was not found.`));
    const result = action(this.facts(stored?.id ?? id, stored?.body ?? {}, request));
    return isRefusal(result) ? refusal(result) : answer(result.status, result.body);
  }

  private status({
    operation,
    results,
  }: NonNullable<ReturnType<typeof operationAt>>): AzureResponse {
    poll(this.state, operation);
    const { id, status } = operation;
    if (results) return answer(status === "InProgress" ? 202 : 204);
    const error =
      status === "Failed"
        ? {
            error: {
              code: "InternalServerError",
              message: "The operation failed (a fault of the sandbox settings).",
            },
          }
        : {};
    return answer(200, { id, name: id, status, ...error });
  }
}

function unknownType(path: string): AzureResponse {
  return refusal(
    refuse(
      404,
      "InvalidResourceType",
      `The resource type of '${path}' could not be found; packages/sandbox/types has the known ones.`,
    ),
  );
}
