/** How the provider finds the organisation and signs in to it. */
export interface ProviderSettings {
  /** Optional. Further tenants (UUID) that the sign-in may reach. @default - none */
  auxiliaryTenantIds?: string[];
  /** Conditional. Secret: certificate of a service principal, base64. */
  clientCertificate?: string;
  /** Conditional. Secret: password of the certificate. */
  clientCertificatePassword?: string;
  /** Conditional. File that holds the certificate. */
  clientCertificatePath?: string;
  /** Conditional. Client id (UUID) of a service principal or managed identity. */
  clientId?: string;
  /** Conditional. File that holds the client id. */
  clientIdFilePath?: string;
  /** Conditional. Secret: key of a service principal. */
  clientSecret?: string;
  /** Conditional. File that holds the key. */
  clientSecretPath?: string;
  /** Conditional. Connection (UUID) of the running pipeline whose identity signs in. */
  oidcAzureServiceConnectionId?: string;
  /**
   * Conditional. Bearer token that fetches an OIDC token. The public schema does not mark it: give
   * it as a Pulumi secret, or better through the environment.
   */
  oidcRequestToken?: string;
  /** Conditional. Where an OIDC token is fetched. */
  oidcRequestUrl?: string;
  /** Conditional. Secret: an OIDC token. */
  oidcToken?: string;
  /** Conditional. File that holds an OIDC token. */
  oidcTokenFilePath?: string;
  /**
   * Optional. `https://dev.azure.com/<organisation>`. With a token it must be reachable, also in a
   * preview.
   * @default - the environment variable AZDO_ORG_SERVICE_URL
   */
  orgServiceUrl?: string;
  /** Conditional. Secret: a personal access token. */
  personalAccessToken?: string;
  /** Conditional. The tenant (UUID) of the service principal. */
  tenantId?: string;
  /** Optional. Signs in as the Azure CLI does. @default - true */
  useCli?: boolean;
  /** Optional. Signs in as the machine's managed identity. @default - false */
  useMsi?: boolean;
  /** Optional. Signs in with an OIDC token. @default - false */
  useOidc?: boolean;
}

/** How a setting is written where only text can be. */
type Encoding<T> = undefined extends T
  ? Encoding<NonNullable<T>>
  : T extends string
    ? "text"
    : "json";

/** Every setting and its encoding. */
export const providerSettings: {
  readonly [K in keyof ProviderSettings]-?: Encoding<ProviderSettings[K]>;
} = {
  auxiliaryTenantIds: "json",
  clientCertificate: "text",
  clientCertificatePassword: "text",
  clientCertificatePath: "text",
  clientId: "text",
  clientIdFilePath: "text",
  clientSecret: "text",
  clientSecretPath: "text",
  oidcAzureServiceConnectionId: "text",
  oidcRequestToken: "text",
  oidcRequestUrl: "text",
  oidcToken: "text",
  oidcTokenFilePath: "text",
  orgServiceUrl: "text",
  personalAccessToken: "text",
  tenantId: "text",
  useCli: "json",
  useMsi: "json",
  useOidc: "json",
};

/** The settings that are secrets. */
export const secretSettings: readonly (keyof ProviderSettings)[] = [
  "clientCertificate",
  "clientCertificatePassword",
  "clientSecret",
  "oidcToken",
  "personalAccessToken",
];

/** What stands in for a setting that is not given. */
export function settingFromEnvironment(setting: string): string | undefined {
  return setting === "orgServiceUrl" ? process.env.AZDO_ORG_SERVICE_URL || undefined : undefined;
}
