import { resourceClass } from "./resource";
import type { Args, State } from "./shape";

interface PoolInputs {
  /**
   * Optional. Opens a queue for the pool in every project of the organisation.
   * @default - false
   */
  autoProvision?: boolean;
  /**
   * Optional. Lets agents update themselves.
   * @default - true
   */
  autoUpdate?: boolean;
  /**
   * Optional. Unique in the organisation.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /**
   * Optional. `automation` (jobs of pipelines) or `deployment`; a change replaces.
   * @default - automation
   */
  poolType?: string;
}

interface PoolAnswers {
  name: string;
}

export type PoolArgs = Args<PoolInputs>;
export type PoolState = State<PoolInputs, PoolAnswers>;

/** Agents of the organisation. Its id is a number, as text. */
export class Pool extends resourceClass<PoolInputs, PoolAnswers>("pool:Pool", {
  autoProvision: "optional",
  autoUpdate: "optional",
  name: "optional",
  poolType: "optional",
}) {}

interface QueueInputs {
  /** Conditional. The pool. One of `agentPoolId` and `name`; a change replaces. */
  agentPoolId?: number;
  /** Conditional. Name of a pool. One of `agentPoolId` and `name`; a change replaces. */
  name?: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
}

interface QueueAnswers {
  agentPoolId: number;
  name: string;
}

export type QueueArgs = Args<QueueInputs>;
export type QueueState = State<QueueInputs, QueueAnswers>;

/** Access of a project to a pool. Its id is a number, as text. */
export class Queue extends resourceClass<QueueInputs, QueueAnswers>("queue:Queue", {
  agentPoolId: "optional",
  name: "optional",
  projectId: "required",
}) {}
