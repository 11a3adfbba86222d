import type * as pulumi from "@pulumi/pulumi";
import { lookUp } from "./lookup";
import type { Args } from "./shape";

export interface GetServicePrincipalArgs {
  /** Required. Its name. */
  displayName: string;
}

export interface GetServicePrincipalResult {
  /** Subject descriptor. */
  descriptor: string;
  displayName: string;
  /** Id of the look-up. */
  id: string;
  origin: string;
  /** Object id in the directory. */
  originId: string;
}

export type GetServicePrincipalOutputArgs = Args<GetServicePrincipalArgs>;

const getServicePrincipalLookUp = lookUp<GetServicePrincipalArgs, GetServicePrincipalResult>(
  "getServicePrincipal",
  { displayName: true },
);
/** A service principal that is a member of the organisation, by name. */
export const getServicePrincipal = getServicePrincipalLookUp.plain;
/** A service principal that is a member of the organisation, by name. */
export const getServicePrincipalOutput = getServicePrincipalLookUp.output;

export interface GetDescriptorArgs {
  /** Required. The id (UUID). */
  storageKey: string;
}

export interface GetDescriptorResult {
  descriptor: string;
  /** Id of the look-up. */
  id: string;
  storageKey: string;
}

export type GetDescriptorOutputArgs = Args<GetDescriptorArgs>;

const getDescriptorLookUp = lookUp<GetDescriptorArgs, GetDescriptorResult>("getDescriptor", {
  storageKey: true,
});
/** The subject descriptor behind an identity or project id. */
export const getDescriptor = getDescriptorLookUp.plain;
/** The subject descriptor behind an identity or project id. */
export const getDescriptorOutput = getDescriptorLookUp.output;

export interface GetStorageKeyArgs {
  /** Required. Subject descriptor. */
  descriptor: string;
}

export interface GetStorageKeyResult {
  descriptor: string;
  /** Id of the look-up. */
  id: string;
  /** The id (UUID). */
  storageKey: string;
}

export type GetStorageKeyOutputArgs = Args<GetStorageKeyArgs>;

const getStorageKeyLookUp = lookUp<GetStorageKeyArgs, GetStorageKeyResult>("getStorageKey", {
  descriptor: true,
});
/** The identity id (UUID) behind a subject descriptor. */
export const getStorageKey = getStorageKeyLookUp.plain;
/** The identity id (UUID) behind a subject descriptor. */
export const getStorageKeyOutput = getStorageKeyLookUp.output;

export interface GetClientConfigResult {
  /** Id of the look-up. */
  id: string;
  /** Name of the organisation. */
  name: string;
  organizationUrl: string;
  /** UUID. */
  ownerId: string;
  status: string;
  /** The tenant (UUID) behind it. */
  tenantId: string;
}

const getClientConfigLookUp = lookUp<object, GetClientConfigResult>("getClientConfig", {});

/** The organisation that the provider is signed in to. */
export function getClientConfig(opts?: pulumi.InvokeOptions): Promise<GetClientConfigResult> {
  return getClientConfigLookUp.plain({}, opts);
}

/** The organisation that the provider is signed in to. */
export function getClientConfigOutput(
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetClientConfigResult> {
  return getClientConfigLookUp.output({}, opts);
}
