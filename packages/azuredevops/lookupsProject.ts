import { lookUp } from "./lookup";
import type { Args } from "./shape";

/** The vault behind a variable group. */
export interface GetVariableGroupKeyVault {
  /** Name of the key vault. */
  name: string;
  /** The connection (UUID) that reads it. */
  serviceEndpointId: string;
}

/** A variable of a group. */
export interface GetVariableGroupVariable {
  contentType: string;
  enabled: boolean;
  /** Empty where it does not expire. */
  expires: string;
  isSecret: boolean;
  name: string;
  /** Secret. */
  secretValue: string;
  value: string;
}

export interface GetProjectArgs {
  /** Conditional. One of `name` and `projectId`. */
  name?: string;
  /** Conditional. One of `name` and `projectId`. */
  projectId?: string;
}

export interface GetProjectResult {
  description: string;
  /** `enabled` or `disabled` by feature. */
  features: Record<string, string>;
  /** Id of the look-up; a UUID, the project's. */
  id: string;
  name?: string;
  processTemplateId: string;
  /** UUID. */
  projectId?: string;
  /** `Git` or `Tfvc`. */
  versionControl: string;
  /** `private` or `public`. */
  visibility: string;
  workItemTemplate: string;
}

export type GetProjectOutputArgs = Args<GetProjectArgs>;

const getProjectLookUp = lookUp<GetProjectArgs, GetProjectResult>("getProject", {
  name: true,
  projectId: true,
});
/** A project by name or id. */
export const getProject = getProjectLookUp.plain;
/** A project by name or id. */
export const getProjectOutput = getProjectLookUp.output;

export interface GetGitRepositoryArgs {
  /** Required. Name of the repository. */
  name: string;
  /** Required. The project (UUID). */
  projectId: string;
}

export interface GetGitRepositoryResult {
  /** Full ref. */
  defaultBranch: string;
  disabled: boolean;
  /** UUID of the repository. */
  id: string;
  isFork: boolean;
  name: string;
  projectId: string;
  /** Address for `git clone` over HTTPS. */
  remoteUrl: string;
  /** Bytes. */
  size: number;
  /** Address for `git clone` over SSH. */
  sshUrl: string;
  /** Address in the REST API. */
  url: string;
  /** Address for a browser. */
  webUrl: string;
}

export type GetGitRepositoryOutputArgs = Args<GetGitRepositoryArgs>;

const getGitRepositoryLookUp = lookUp<GetGitRepositoryArgs, GetGitRepositoryResult>(
  "getGitRepository",
  { name: true, projectId: true },
);
/** A repository by name. */
export const getGitRepository = getGitRepositoryLookUp.plain;
/** A repository by name. */
export const getGitRepositoryOutput = getGitRepositoryLookUp.output;

export interface GetEnvironmentArgs {
  /** Conditional. One of `environmentId` and `name`. */
  environmentId?: number;
  /** Conditional. One of `environmentId` and `name`. */
  name?: string;
  /** Required. The project (UUID). */
  projectId: string;
}

export interface GetEnvironmentResult {
  description: string;
  environmentId?: number;
  /** Number, as text. */
  id: string;
  name: string;
  projectId: string;
}

export type GetEnvironmentOutputArgs = Args<GetEnvironmentArgs>;

const getEnvironmentLookUp = lookUp<GetEnvironmentArgs, GetEnvironmentResult>("getEnvironment", {
  environmentId: true,
  name: true,
  projectId: true,
});
/** An environment by name or number. */
export const getEnvironment = getEnvironmentLookUp.plain;
/** An environment by name or number. */
export const getEnvironmentOutput = getEnvironmentLookUp.output;

export interface GetVariableGroupArgs {
  /** Required. Name of the group. */
  name: string;
  /** Required. The project (UUID). */
  projectId: string;
}

export interface GetVariableGroupResult {
  /** Whether it is open to every pipeline. */
  allowAccess: boolean;
  description: string;
  /** Number, as text. */
  id: string;
  /** The vault behind it, if any. */
  keyVaults: GetVariableGroupKeyVault[];
  name: string;
  projectId: string;
  variables: GetVariableGroupVariable[];
}

export type GetVariableGroupOutputArgs = Args<GetVariableGroupArgs>;

const getVariableGroupLookUp = lookUp<GetVariableGroupArgs, GetVariableGroupResult>(
  "getVariableGroup",
  { name: true, projectId: true },
);
/** A variable group by name. What it holds as secret comes back masked by the service. */
export const getVariableGroup = getVariableGroupLookUp.plain;
/** A variable group by name. What it holds as secret comes back masked by the service. */
export const getVariableGroupOutput = getVariableGroupLookUp.output;

export interface GetServiceEndpointAzureRMArgs {
  /** Required. The project (UUID). */
  projectId: string;
  /** Conditional. One of `serviceEndpointId` and `serviceEndpointName`. */
  serviceEndpointId?: string;
  /** Conditional. One of `serviceEndpointId` and `serviceEndpointName`. */
  serviceEndpointName?: string;
}

export interface GetServiceEndpointAzureRMResult {
  /** What the service keeps of the sign-in, keys masked. */
  authorization: Record<string, string>;
  azurermManagementGroupId: string;
  azurermManagementGroupName: string;
  /** The tenant (UUID). */
  azurermSpnTenantid: string;
  azurermSubscriptionId: string;
  azurermSubscriptionName: string;
  description: string;
  /** The cloud. */
  environment: string;
  /** UUID. */
  id: string;
  projectId: string;
  resourceGroup: string;
  serverUrl: string;
  serviceEndpointAuthenticationScheme: string;
  serviceEndpointId: string;
  serviceEndpointName: string;
  /** Client id of the identity. */
  servicePrincipalId: string;
  /** Issuer for the federated credential. */
  workloadIdentityFederationIssuer: string;
  /** Subject for the federated credential. */
  workloadIdentityFederationSubject: string;
}

export type GetServiceEndpointAzureRMOutputArgs = Args<GetServiceEndpointAzureRMArgs>;

const getServiceEndpointAzureRMLookUp = lookUp<
  GetServiceEndpointAzureRMArgs,
  GetServiceEndpointAzureRMResult
>("getServiceEndpointAzureRM", {
  projectId: true,
  serviceEndpointId: true,
  serviceEndpointName: true,
});
/** A service connection to Azure Resource Manager by name or id. */
export const getServiceEndpointAzureRM = getServiceEndpointAzureRMLookUp.plain;
/** A service connection to Azure Resource Manager by name or id. */
export const getServiceEndpointAzureRMOutput = getServiceEndpointAzureRMLookUp.output;
