import { resourceClass } from "./resource";
import type { Args, State } from "./shape";

/** The identity behind a connection. */
export interface ServiceEndpointAzureRMCredentials {
  /** Conditional. Secret: certificate of the service principal, PEM, instead of a key. */
  serviceprincipalcertificate?: string;
  /** Required. Client (application) id: UUID of the service principal or managed identity. */
  serviceprincipalid: string;
  /** Conditional. Secret: key of the service principal. Left out with workload identity. */
  serviceprincipalkey?: string;
}

export interface ServiceEndpointAzureRMFeatures {
  /**
   * Optional. Signs in to Azure inside creation, and deletes the connection if that fails. A
   * federated credential made from this connection's outputs cannot exist by then.
   * @default - false
   */
  validate?: boolean;
}

interface ServiceEndpointAzureRMInputs {
  /** Conditional. Id of the management group. Excludes the subscription. */
  azurermManagementGroupId?: string;
  /** Conditional. Name of the management group. Required with its id. */
  azurermManagementGroupName?: string;
  /** Conditional. The tenant (UUID). Required in practice, whatever its type says. */
  azurermSpnTenantid?: string;
  /** Conditional. Id (UUID) of the subscription. Excludes the management group. */
  azurermSubscriptionId?: string;
  /** Conditional. Name of the subscription. Required with its id. */
  azurermSubscriptionName?: string;
  /**
   * Conditional. The identity, by its client id. Without it the service makes an application of
   * its own, with a role on the whole scope. Excludes `resourceGroup`.
   */
  credentials?: ServiceEndpointAzureRMCredentials;
  /**
   * Optional. Text shown with the connection.
   * @default - "Managed by Terraform": set it
   */
  description?: string;
  /**
   * Optional. `AzureCloud`, `AzureChinaCloud`, `AzureUSGovernment`, `AzureGermanCloud` or
   * `AzureStack`; a change replaces.
   * @default - AzureCloud
   */
  environment?: string;
  /**
   * Optional. What happens around creation.
   * @default - nothing is tried
   */
  features?: ServiceEndpointAzureRMFeatures;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
  /**
   * Optional. Limits the application that the service makes to one group; a change replaces.
   * Excludes `credentials`.
   * @default - the whole subscription or management group
   */
  resourceGroup?: string;
  /**
   * Conditional. Address of the resource manager. Required if `environment` is `AzureStack`; a
   * change replaces.
   */
  serverUrl?: string;
  /**
   * Optional. `WorkloadIdentityFederation` (no secret), `ServicePrincipal` or
   * `ManagedServiceIdentity`, in exactly this case; a change replaces.
   * @default - ServicePrincipal
   */
  serviceEndpointAuthenticationScheme?: string;
  /** Required. Name by which pipelines use the connection. */
  serviceEndpointName: string;
}

interface ServiceEndpointAzureRMAnswers {
  azurermSpnTenantid: string;
  serverUrl: string;
  /** What the service keeps of the sign-in, keys masked. */
  authorization: Record<string, string>;
  /** Client id of the identity. */
  servicePrincipalId: string;
  /** Issuer for the federated credential; known once created, never to be composed. */
  workloadIdentityFederationIssuer: string;
  /** Subject for the federated credential; known once created, never to be composed. */
  workloadIdentityFederationSubject: string;
}

export type ServiceEndpointAzureRMArgs = Args<ServiceEndpointAzureRMInputs>;
export type ServiceEndpointAzureRMState = State<
  ServiceEndpointAzureRMInputs,
  ServiceEndpointAzureRMAnswers
>;

/** A service connection to Azure Resource Manager. Its id is a UUID. */
export class ServiceEndpointAzureRM extends resourceClass<
  ServiceEndpointAzureRMInputs,
  ServiceEndpointAzureRMAnswers
>(
  "serviceEndpointAzureRM:ServiceEndpointAzureRM",
  {
    azurermManagementGroupId: "optional",
    azurermManagementGroupName: "optional",
    azurermSpnTenantid: "optional",
    azurermSubscriptionId: "optional",
    azurermSubscriptionName: "optional",
    credentials: "optional",
    description: "optional",
    environment: "optional",
    features: "optional",
    projectId: "required",
    resourceGroup: "optional",
    serverUrl: "optional",
    serviceEndpointAuthenticationScheme: "optional",
    serviceEndpointName: "required",
    authorization: "computed",
    servicePrincipalId: "computed",
    workloadIdentityFederationIssuer: "computed",
    workloadIdentityFederationSubject: "computed",
  },
  { secrets: ["credentials.serviceprincipalcertificate", "credentials.serviceprincipalkey"] },
) {}
