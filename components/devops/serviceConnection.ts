import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../place";
import type { Project } from "./project";

/** Who a connection signs in as. */
export interface SignIn {
  /** Client id. */
  readonly clientId: pulumi.Input<string>;
  /** Conditional. Azure name of a managed identity of this stack, which is made to trust the connection. */
  readonly identityName?: pulumi.Output<string>;
  /** Conditional. Password of a service principal. @default - it signs in by federation */
  readonly password?: pulumi.Output<string>;
}

export interface ServiceConnectionArgs {
  readonly project: Project;
  readonly place: Place;
  /** Required. Name by which YAML uses it. */
  readonly connectionName: string;
  readonly description: string;
  readonly signIn: SignIn;
  /** Optional. Name shown for the subscription. @default its id */
  readonly subscriptionName?: string;
}

/**
 * A connection from pipelines to Azure, without a secret where its identity can be federated. What it
 * reaches is what its identity's roles allow.
 */
export class ServiceConnection extends pulumi.ComponentResource {
  /** UUID. */
  readonly id: pulumi.Output<string>;
  readonly issuer: pulumi.Output<string>;
  readonly subject: pulumi.Output<string>;
  /** What stands before the connection can sign in. */
  readonly trust: readonly pulumi.Resource[];

  constructor(name: string, args: ServiceConnectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:ServiceConnection", name, {}, opts);
    const connection = this.connect(name, args);
    this.id = connection.id;
    this.issuer = connection.workloadIdentityFederationIssuer;
    this.subject = connection.workloadIdentityFederationSubject;
    const { identityName } = args.signIn;
    this.trust = identityName ? [this.federate(name, args, identityName)] : [];
    this.registerOutputs({ id: this.id, issuer: this.issuer, subject: this.subject });
  }

  private connect(name: string, args: ServiceConnectionArgs): azuredevops.ServiceEndpointAzureRM {
    const { project, place, connectionName, description, signIn, subscriptionName } = args;
    const { clientId, password } = signIn;
    return new azuredevops.ServiceEndpointAzureRM(
      name,
      {
        projectId: project.id,
        serviceEndpointName: connectionName,
        description,
        serviceEndpointAuthenticationScheme: password
          ? "ServicePrincipal"
          : "WorkloadIdentityFederation",
        credentials: {
          serviceprincipalid: clientId,
          ...(password ? { serviceprincipalkey: password } : {}),
        },
        azurermSpnTenantid: place.tenantId,
        azurermSubscriptionId: place.subscriptionId,
        azurermSubscriptionName: subscriptionName ?? place.subscriptionId,
        // The identity trusts the connection by outputs of the connection, so it cannot sign in yet.
        features: { validate: false },
      },
      { parent: this, deletedWith: project.created },
    );
  }

  /** learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity */
  private federate(
    name: string,
    { place }: ServiceConnectionArgs,
    identityName: pulumi.Output<string>,
  ): managedidentity.FederatedIdentityCredential {
    return new managedidentity.FederatedIdentityCredential(
      `${name}.trust`,
      {
        resourceGroupName: place.resourceGroup,
        resourceName: identityName,
        federatedIdentityCredentialResourceName: "azure-devops",
        issuer: this.issuer,
        subject: this.subject,
        audiences: ["api://AzureADTokenExchange"],
      },
      { parent: this },
    );
  }
}
