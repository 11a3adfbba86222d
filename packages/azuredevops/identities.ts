import { resourceClass } from "./resource";
import type { Args, State } from "./shape";

interface ServicePrincipalEntitlementInputs {
  /**
   * Optional. Access level: `express` (Basic), `stakeholder`, `advanced`, `earlyAdopter`,
   * `professional` or `none`.
   * @default - express
   */
  accountLicenseType?: string;
  /**
   * Optional. `account`, `auto`, `msdn`, `profile`, `trial` or `none`.
   * @default - account
   */
  licensingSource?: string;
  /**
   * Optional. Directory of the principal; a change replaces.
   * @default - aad
   */
  origin?: string;
  /** Required. Object id (UUID) of the enterprise application or managed identity; replaces. */
  originId: string;
}

interface ServicePrincipalEntitlementAnswers {
  origin: string;
  /** Subject descriptor, which permissions take as `principal`. */
  descriptor: string;
  /** Name of the principal in its directory. */
  displayName: string;
}

export type ServicePrincipalEntitlementArgs = Args<ServicePrincipalEntitlementInputs>;
export type ServicePrincipalEntitlementState = State<
  ServicePrincipalEntitlementInputs,
  ServicePrincipalEntitlementAnswers
>;

/** Makes a service principal or managed identity a member of the organisation. */
export class ServicePrincipalEntitlement extends resourceClass<
  ServicePrincipalEntitlementInputs,
  ServicePrincipalEntitlementAnswers
>("servicePrincipalEntitlement:ServicePrincipalEntitlement", {
  accountLicenseType: "optional",
  licensingSource: "optional",
  origin: "optional",
  originId: "required",
  descriptor: "computed",
  displayName: "computed",
}) {}

interface UserInputs {
  /**
   * Optional. Access level: `express` (Basic), `stakeholder`, `advanced`, `earlyAdopter`,
   * `professional` or `none`.
   * @default - express
   */
  accountLicenseType?: string;
  /**
   * Optional. `account`, `auto`, `msdn`, `profile`, `trial` or `none`.
   * @default - account
   */
  licensingSource?: string;
  /** Conditional. Directory, beside `originId`; a change replaces. */
  origin?: string;
  /** Conditional. Id in the directory. Excludes `principalName`; a change replaces. */
  originId?: string;
  /** Conditional. Sign-in name, mostly the e-mail. Excludes `originId`; a change replaces. */
  principalName?: string;
}

interface UserAnswers {
  origin: string;
  originId: string;
  principalName: string;
  /** Subject descriptor. */
  descriptor: string;
}

export type UserArgs = Args<UserInputs>;
export type UserState = State<UserInputs, UserAnswers>;

/** Makes a person a member of the organisation. */
export class User extends resourceClass<UserInputs, UserAnswers>("user:User", {
  accountLicenseType: "optional",
  licensingSource: "optional",
  origin: "optional",
  originId: "optional",
  principalName: "optional",
  descriptor: "computed",
}) {}

interface GroupInputs {
  /**
   * Optional. Text shown with the group.
   * @default - no description
   */
  description?: string;
  /** Conditional. Name of a new group. One of `displayName`, `mail` and `originId`. */
  displayName?: string;
  /** Conditional. Address of a directory's group to bring in; a change replaces. */
  mail?: string;
  /**
   * Optional. Subject descriptors of all members; not to be set beside `GroupMembership`.
   * @default - members are left alone
   */
  members?: string[];
  /** Conditional. Id of a directory's group to bring in; a change replaces. */
  originId?: string;
  /**
   * Optional. Descriptor of the project (`getDescriptor` of its id) that a new group belongs to; a
   * change replaces.
   * @default - the organisation
   */
  scope?: string;
}

interface GroupAnswers {
  displayName: string;
  mail: string;
  members: string[];
  originId: string;
  /** Subject descriptor. */
  descriptor: string;
  /** Where the group comes from, as a directory domain or an address of the organisation. */
  domain: string;
  /** Identity id (UUID), which approvals take. */
  groupId: string;
  /** Directory: `vsts`, `aad`, … */
  origin: string;
  /** `[project]\name`. */
  principalName: string;
  /** `group`. */
  subjectKind: string;
  /** Address of the group in the REST API. */
  url: string;
}

export type GroupArgs = Args<GroupInputs>;
export type GroupState = State<GroupInputs, GroupAnswers>;

/** A security group, of a project or of the organisation. */
export class Group extends resourceClass<GroupInputs, GroupAnswers>("group:Group", {
  description: "optional",
  displayName: "optional",
  mail: "optional",
  members: "optional",
  originId: "optional",
  scope: "optional",
  descriptor: "computed",
  domain: "computed",
  groupId: "computed",
  origin: "computed",
  principalName: "computed",
  subjectKind: "computed",
  url: "computed",
}) {}

interface GroupMembershipInputs {
  /** Required. Subject descriptor of the group; a change replaces. */
  group: string;
  /** Required. Subject descriptors of the members. */
  members: string[];
  /**
   * Optional. `add` keeps other members, `overwrite` removes them.
   * @default - add
   */
  mode?: string;
}

export type GroupMembershipArgs = Args<GroupMembershipInputs>;
export type GroupMembershipState = Partial<GroupMembershipArgs>;

/** Members of a group. */
export class GroupMembership extends resourceClass<GroupMembershipInputs>(
  "groupMembership:GroupMembership",
  { group: "required", members: "required", mode: "optional" },
) {}

interface TeamInputs {
  /**
   * Optional. Subject descriptors of the administrators.
   * @default - whoever creates the team
   */
  administrators?: string[];
  /**
   * Optional. Text shown with the team.
   * @default - no description
   */
  description?: string;
  /**
   * Optional. Subject descriptors of the members.
   * @default - members are left alone
   */
  members?: string[];
  /**
   * Optional. Unique in the project.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
}

interface TeamAnswers {
  administrators: string[];
  members: string[];
  name: string;
  /** Subject descriptor. */
  descriptor: string;
}

export type TeamArgs = Args<TeamInputs>;
export type TeamState = State<TeamInputs, TeamAnswers>;

/** A team of a project. Its id is a UUID. */
export class Team extends resourceClass<TeamInputs, TeamAnswers>("team:Team", {
  administrators: "optional",
  description: "optional",
  members: "optional",
  name: "optional",
  projectId: "required",
  descriptor: "computed",
}) {}
