import type { Stored } from "./state";
import type { World } from "./type";

/**
 * Whether a connection gets a token from Entra, as a pipeline's task or a vault-linked variable group asks
 * for one: undefined if so, else why not. A federated credential must carry exactly the connection's issuer
 * and subject (learn.microsoft.com/entra/workload-id/workload-identity-federation).
 */
export function signInOf(world: World, connection: Stored): string | undefined {
  const { properties } = connection;
  const credentials = properties.credentials as Record<string, string> | undefined;
  if (properties.serviceEndpointAuthenticationScheme !== "WorkloadIdentityFederation") {
    return credentials?.serviceprincipalkey || credentials?.serviceprincipalcertificate
      ? undefined
      : `connection ${String(properties.serviceEndpointName)} has no key to sign in with`;
  }
  if (!credentials) return `connection ${String(properties.serviceEndpointName)} names no identity`;
  return world.azure.signIn(
    credentials.serviceprincipalid ?? "",
    String(properties.workloadIdentityFederationIssuer),
    String(properties.workloadIdentityFederationSubject),
  );
}
