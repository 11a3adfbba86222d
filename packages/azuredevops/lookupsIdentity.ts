import { lookUp } from "./lookup";
import type { Args } from "./shape";

/** How people are read. */
export interface GetUsersFeatures {
  /** Optional. Requests at a time. @default - 1 */
  concurrentWorkers?: number;
}

/** A person. */
export interface GetUsersUser {
  /** Subject descriptor. */
  descriptor: string;
  displayName: string;
  /** Identity id (UUID), which approvals take. */
  id: string;
  mailAddress: string;
  /** Directory: `aad`, `msa`, … */
  origin: string;
  /** Id in the directory. */
  originId?: string;
  /** Sign-in name. */
  principalName: string;
}

export interface GetUsersArgs {
  /** Optional. How it reads. @default - one request at a time */
  features?: GetUsersFeatures;
  /** Optional. `aad`, `ad`, `ghb`, `msa` or `vsts`. @default - any */
  origin?: string;
  /** Optional. Id in the directory. @default - any */
  originId?: string;
  /** Optional. Sign-in name. @default - any */
  principalName?: string;
  /** Optional. Kinds of identity, `aad`, `msa`, `svc`, …  @default - `aad`, `msa` and others that are people */
  subjectTypes?: string[];
}

export interface GetUsersResult {
  features?: GetUsersFeatures;
  /** Id of the look-up. */
  id: string;
  origin?: string;
  originId?: string;
  principalName?: string;
  subjectTypes?: string[];
  users: GetUsersUser[];
}

export type GetUsersOutputArgs = Args<GetUsersArgs>;

const getUsersLookUp = lookUp<GetUsersArgs, GetUsersResult>("getUsers", {
  features: true,
  origin: true,
  originId: true,
  principalName: true,
  subjectTypes: true,
});
/** People of the organisation. It reads all of them; `getIdentityUsers` and `getUser` are cheaper. */
export const getUsers = getUsersLookUp.plain;
/** People of the organisation. It reads all of them; `getIdentityUsers` and `getUser` are cheaper. */
export const getUsersOutput = getUsersLookUp.output;

export interface GetUserArgs {
  /** Required. Subject descriptor. */
  descriptor: string;
}

export interface GetUserResult {
  descriptor: string;
  displayName: string;
  domain: string;
  /** Id of the look-up. */
  id: string;
  mailAddress: string;
  origin: string;
  originId: string;
  /** Sign-in name. */
  principalName: string;
  subjectKind: string;
}

export type GetUserOutputArgs = Args<GetUserArgs>;

const getUserLookUp = lookUp<GetUserArgs, GetUserResult>("getUser", { descriptor: true });
/** A person by subject descriptor. */
export const getUser = getUserLookUp.plain;
/** A person by subject descriptor. */
export const getUserOutput = getUserLookUp.output;

export interface GetIdentityUsersArgs {
  /** Required. What is searched for. */
  name: string;
  /** Optional. Where: `AccountName`, `DisplayName`, `MailAddress` or `General`. @default - General */
  searchFilter?: string;
}

export interface GetIdentityUsersResult {
  descriptor: string;
  /** Identity id (UUID). */
  id: string;
  name: string;
  searchFilter?: string;
  /** What permissions take as `principal`. */
  subjectDescriptor: string;
}

export type GetIdentityUsersOutputArgs = Args<GetIdentityUsersArgs>;

const getIdentityUsersLookUp = lookUp<GetIdentityUsersArgs, GetIdentityUsersResult>(
  "getIdentityUsers",
  { name: true, searchFilter: true },
);
/** A person by name or e-mail: `id` is the identity id that approvals take. */
export const getIdentityUsers = getIdentityUsersLookUp.plain;
/** A person by name or e-mail: `id` is the identity id that approvals take. */
export const getIdentityUsersOutput = getIdentityUsersLookUp.output;

export interface GetGroupArgs {
  /** Required. Name of the group. */
  name: string;
  /** Optional. The project (UUID). @default - the organisation */
  projectId?: string;
}

export interface GetGroupResult {
  /** Subject descriptor. */
  descriptor: string;
  /** Identity id (UUID). */
  groupId: string;
  /** Subject descriptor. */
  id: string;
  name: string;
  origin: string;
  originId: string;
  projectId?: string;
}

export type GetGroupOutputArgs = Args<GetGroupArgs>;

const getGroupLookUp = lookUp<GetGroupArgs, GetGroupResult>("getGroup", {
  name: true,
  projectId: true,
});
/** A security group by name. */
export const getGroup = getGroupLookUp.plain;
/** A security group by name. */
export const getGroupOutput = getGroupLookUp.output;

export interface GetIdentityGroupArgs {
  /** Required. Full name, `[project]\\group`. */
  name: string;
  /** Required. The project (UUID). */
  projectId: string;
}

export interface GetIdentityGroupResult {
  descriptor: string;
  /** Identity id (UUID). */
  id: string;
  name: string;
  projectId: string;
  /** What permissions take as `principal`. */
  subjectDescriptor: string;
}

export type GetIdentityGroupOutputArgs = Args<GetIdentityGroupArgs>;

const getIdentityGroupLookUp = lookUp<GetIdentityGroupArgs, GetIdentityGroupResult>(
  "getIdentityGroup",
  { name: true, projectId: true },
);
/** A security group by name: `id` is the identity id that approvals take. */
export const getIdentityGroup = getIdentityGroupLookUp.plain;
/** A security group by name: `id` is the identity id that approvals take. */
export const getIdentityGroupOutput = getIdentityGroupLookUp.output;

export interface GetTeamArgs {
  /** Required. Name of the team. */
  name: string;
  /** Required. The project (UUID). */
  projectId: string;
  /** Optional. How many teams are read in search of it. @default - 100 */
  top?: number;
}

export interface GetTeamResult {
  /** Subject descriptors. */
  administrators: string[];
  description: string;
  /** Subject descriptor. */
  descriptor: string;
  /** UUID. */
  id: string;
  /** Subject descriptors. */
  members: string[];
  name: string;
  projectId: string;
  top?: number;
}

export type GetTeamOutputArgs = Args<GetTeamArgs>;

const getTeamLookUp = lookUp<GetTeamArgs, GetTeamResult>("getTeam", {
  name: true,
  projectId: true,
  top: true,
});
/** A team by name. */
export const getTeam = getTeamLookUp.plain;
/** A team by name. */
export const getTeamOutput = getTeamLookUp.output;
