import { resourceClass } from "./resource";
import type { Args, State } from "./shape";

interface EnvironmentInputs {
  /**
   * Optional. Text shown with the environment.
   * @default - no description
   */
  description?: string;
  /**
   * Optional. Name by which deployment jobs use it, at most 127 characters.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
}

interface EnvironmentAnswers {
  name: string;
}

export type EnvironmentArgs = Args<EnvironmentInputs>;
export type EnvironmentState = State<EnvironmentInputs, EnvironmentAnswers>;

/** What deployment jobs deploy to, with checks in front of it. Its id is a number, as text. */
export class Environment extends resourceClass<EnvironmentInputs, EnvironmentAnswers>(
  "environment:Environment",
  { description: "optional", name: "optional", projectId: "required" },
) {}

interface CheckInputs {
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
  /** Required. Id, as text, of what is protected; it must exist. A change replaces. */
  targetResourceId: string;
  /**
   * Required. `endpoint`, `environment`, `queue`, `repository`, `securefile` or `variablegroup`, in
   * exactly this case; a change replaces.
   */
  targetResourceType: string;
}

interface CheckAnswers {
  /** Grows with every change of the check. */
  version: number;
}

const checkRoles = {
  projectId: "required",
  targetResourceId: "required",
  targetResourceType: "required",
  version: "computed",
} as const;

interface CheckApprovalInputs extends CheckInputs {
  /** Required. At least one identity id (UUID) of a person or group; an e-mail is refused. */
  approvers: string[];
  /**
   * Optional. Text that approvers read.
   * @default - no instructions
   */
  instructions?: string;
  /**
   * Optional. How many of several approvers must approve.
   * @default - all of them
   */
  minimumRequiredApprovers?: number;
  /**
   * Optional. Whether whoever started the run may approve it.
   * @default - false
   */
  requesterCanApprove?: boolean;
  /**
   * Optional. Minutes until the run is rejected, 1 to 43200.
   * @default - 43200, which is 30 days
   */
  timeout?: number;
}

export type CheckApprovalArgs = Args<CheckApprovalInputs>;
export type CheckApprovalState = State<CheckApprovalInputs, CheckAnswers>;

/** Lets a stage begin when people have approved it. */
export class CheckApproval extends resourceClass<CheckApprovalInputs, CheckAnswers>(
  "checkApproval:CheckApproval",
  {
    ...checkRoles,
    approvers: "required",
    instructions: "optional",
    minimumRequiredApprovers: "optional",
    requesterCanApprove: "optional",
    timeout: "optional",
  },
) {}

interface CheckBranchControlInputs extends CheckInputs {
  /**
   * Optional. Full refs that may deploy, separated by commas: `refs/heads/main,refs/heads/release/*`.
   * @default - "*", every branch
   */
  allowedBranches?: string;
  /**
   * Optional. Name of the check.
   * @default - "Managed by Terraform": set it
   */
  displayName?: string;
  /**
   * Optional. Lets a branch pass whose protection cannot be read; counts if
   * `verifyBranchProtection`.
   * @default - false
   */
  ignoreUnknownProtectionStatus?: boolean;
  /**
   * Optional. Minutes.
   * @default - 1440
   */
  timeout?: number;
  /**
   * Optional. Asks that the branch has policies.
   * @default - false
   */
  verifyBranchProtection?: boolean;
}

export type CheckBranchControlArgs = Args<CheckBranchControlInputs>;
export type CheckBranchControlState = State<CheckBranchControlInputs, CheckAnswers>;

/** Lets only runs from certain branches use a resource. */
export class CheckBranchControl extends resourceClass<CheckBranchControlInputs, CheckAnswers>(
  "checkBranchControl:CheckBranchControl",
  {
    ...checkRoles,
    allowedBranches: "optional",
    displayName: "optional",
    ignoreUnknownProtectionStatus: "optional",
    timeout: "optional",
    verifyBranchProtection: "optional",
  },
) {}

interface CheckExclusiveLockInputs extends CheckInputs {
  /**
   * Optional. Minutes.
   * @default - 43200
   */
  timeout?: number;
}

export type CheckExclusiveLockArgs = Args<CheckExclusiveLockInputs>;
export type CheckExclusiveLockState = State<CheckExclusiveLockInputs, CheckAnswers>;

/**
 * Lets one run at a time use a resource. Runs that wait are cancelled in favour of the latest,
 * unless the pipeline says `lockBehavior: sequential`.
 */
export class CheckExclusiveLock extends resourceClass<CheckExclusiveLockInputs, CheckAnswers>(
  "checkExclusiveLock:CheckExclusiveLock",
  { ...checkRoles, timeout: "optional" },
) {}

interface CheckBusinessHoursInputs extends CheckInputs {
  /**
   * Optional. Name of the check.
   * @default - "Managed by Terraform": set it
   */
  displayName?: string;
  /** Required. Time of day at which the window closes, `18:00`. */
  endTime: string;
  /** Optional. Whether the window opens on this day. @default - false */
  monday?: boolean;
  /** Optional. Whether the window opens on this day. @default - false */
  tuesday?: boolean;
  /** Optional. Whether the window opens on this day. @default - false */
  wednesday?: boolean;
  /** Optional. Whether the window opens on this day. @default - false */
  thursday?: boolean;
  /** Optional. Whether the window opens on this day. @default - false */
  friday?: boolean;
  /** Optional. Whether the window opens on this day. @default - false */
  saturday?: boolean;
  /** Optional. Whether the window opens on this day. @default - false */
  sunday?: boolean;
  /** Required. Time of day at which the window opens, `08:00`. */
  startTime: string;
  /** Required. Name of the time zone as Windows knows it, `W. Europe Standard Time` or `UTC`. */
  timeZone: string;
  /**
   * Optional. Minutes.
   * @default - 1440
   */
  timeout?: number;
}

export type CheckBusinessHoursArgs = Args<CheckBusinessHoursInputs>;
export type CheckBusinessHoursState = State<CheckBusinessHoursInputs, CheckAnswers>;

/** Lets stages begin within certain hours of the week. */
export class CheckBusinessHours extends resourceClass<CheckBusinessHoursInputs, CheckAnswers>(
  "checkBusinessHours:CheckBusinessHours",
  {
    ...checkRoles,
    displayName: "optional",
    endTime: "required",
    monday: "optional",
    tuesday: "optional",
    wednesday: "optional",
    thursday: "optional",
    friday: "optional",
    saturday: "optional",
    sunday: "optional",
    startTime: "required",
    timeZone: "required",
    timeout: "optional",
  },
) {}
