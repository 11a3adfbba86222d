import { readFile } from "node:fs/promises";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

/** Where the clouds are, and who asks. One value for a whole process. */
export interface Cloud {
  /** Address of Azure Resource Manager, without a slash at its end. */
  readonly resourceManager: string;
  /** Address of a storage account's blobs. */
  blobEndpoint(account: string): string;
  /** Address of a host that serves requests. @default `https://<host>` */
  hostAddress?(host: string): string;
  /** Address of Application Insights' queries. @default that of the public cloud */
  readonly applicationInsights?: string;
  readonly credential: TokenCredential;
  /** Sends the requests to Resource Manager. @default the HTTPS client of Azure's core */
  readonly httpClient?: HttpClient;
  /** PEM of certificates to trust besides the system's. @default those that NODE_EXTRA_CA_CERTS names */
  readonly certificates?: string;
  /** @default waits of real life */
  readonly pace?: Partial<Pace>;
}

/** How long to wait and for how much, in milliseconds. */
export interface Pace {
  /** Before the first repetition after a fault of the service (429, 5xx) without Retry-After; doubles. */
  readonly retry: number;
  /** Between two looks at a long-running operation where Azure does not say. */
  readonly poll: number;
  /** Before the first repetition after a conflict with another operation; doubles up to a minute. */
  readonly conflict: number;
  /** All conflicts and waits of one change together, where the program sets no `customTimeouts`. */
  readonly deadline: number;
}

/**
 * Conflicts: Azure asks to wait about a minute (DOC/how-to-troubleshoot-online-endpoints.md,
 * OperationCanceled). Deadline: an endpoint's update takes minutes, one of its deployments up to 20.
 */
export const realPace: Pace = {
  retry: 1_000,
  poll: 5_000,
  conflict: 5_000,
  deadline: 30 * 60_000,
};

/** Authorities that Microsoft's instance discovery knows; for others it would ask a public cloud. */
const publicAuthorities = [
  "login.microsoftonline.com",
  "login.microsoftonline.us",
  "login.chinacloudapi.cn",
  "login.partner.microsoftonline.cn",
];

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Addresses from `GENAIOPS_RESOURCE_MANAGER` and `GENAIOPS_BLOB_ENDPOINT` (`{account}` is replaced), the
 * hosts that serve from `GENAIOPS_SCORING_ENDPOINT` (`{host}` is replaced), the authority from `AZURE_AUTHORITY_HOST`.
 * By default the public cloud.
 */
export function cloudFromEnvironment(variables: Variables = process.env): Cloud {
  const resourceManager = variables["GENAIOPS_RESOURCE_MANAGER"] ?? "https://management.azure.com";
  const blobs = variables["GENAIOPS_BLOB_ENDPOINT"] ?? "https://{account}.blob.core.windows.net";
  const insights = variables["GENAIOPS_INSIGHTS_ENDPOINT"];
  const hosts = variables["GENAIOPS_SCORING_ENDPOINT"];
  return {
    ...(insights !== undefined && { applicationInsights: insights.replace(/\/+$/, "") }),
    ...(hosts !== undefined && { hostAddress: (host: string) => hosts.replaceAll("{host}", host) }),
    resourceManager: resourceManager.replace(/\/+$/, ""),
    blobEndpoint: (account) => blobs.replaceAll("{account}", account).replace(/\/+$/, ""),
    credential: whenAsked(() => credentialFrom(variables)),
  };
}

/** The scope of a token for Azure Resource Manager: its own address, in every cloud. */
export const resourceManagerScope = (cloud: Cloud) => `${cloud.resourceManager}/.default`;

/** Loads a login with its first token: a preview often asks Azure nothing, and loading takes time. */
function whenAsked(login: () => Promise<TokenCredential>): TokenCredential {
  let loaded: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => (await (loaded ??= login())).getToken(scopes, options),
  };
}

/**
 * Whoever azure-native logs in by `ARM_*` variables logs in here too, so that one login serves one `pulumi up`;
 * else workload identity, managed identity, `az login` and the others of `DefaultAzureCredential`.
 */
export async function credentialFrom(variables: Variables): Promise<TokenCredential> {
  const { ClientAssertionCredential, ClientSecretCredential, DefaultAzureCredential } =
    await import("@azure/identity");
  const authority = variables["AZURE_AUTHORITY_HOST"];
  const options = {
    ...(authority && { authorityHost: authority }),
    disableInstanceDiscovery: authority !== undefined && !isPublic(authority),
  };
  const tenant = variables["ARM_TENANT_ID"];
  const client = variables["ARM_CLIENT_ID"];
  const assertion = oidcAssertion(variables);
  if (tenant && client && assertion) {
    return new ClientAssertionCredential(tenant, client, assertion, options);
  }
  const secret = variables["ARM_CLIENT_SECRET"];
  if (tenant && client && secret) {
    return new ClientSecretCredential(tenant, client, secret, options);
  }
  return new DefaultAzureCredential(options);
}

function oidcAssertion(variables: Variables): (() => Promise<string>) | undefined {
  if (variables["ARM_USE_OIDC"] !== "true") return undefined;
  const token = variables["ARM_OIDC_TOKEN"];
  if (token) return async () => token;
  const file = variables["ARM_OIDC_TOKEN_FILE_PATH"];
  return file ? async () => (await readFile(file, "utf8")).trim() : undefined;
}

const isPublic = (authority: string) =>
  URL.canParse(authority) && publicAuthorities.includes(new URL(authority).hostname);
