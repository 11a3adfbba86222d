import { lookUp } from "./lookup";
import type { Args } from "./shape";

export interface GetPoolArgs {
  /** Required. Name of the pool. */
  name: string;
}

export interface GetPoolResult {
  autoProvision: boolean;
  autoUpdate: boolean;
  /** Number, as text. */
  id: string;
  name: string;
  /** `automation` or `deployment`. */
  poolType: string;
}

export type GetPoolOutputArgs = Args<GetPoolArgs>;

const getPoolLookUp = lookUp<GetPoolArgs, GetPoolResult>("getPool", { name: true });
/** An agent pool of the organisation by name. */
export const getPool = getPoolLookUp.plain;
/** An agent pool of the organisation by name. */
export const getPoolOutput = getPoolLookUp.output;

export interface GetAgentQueueArgs {
  /** Required. Name of the queue. */
  name: string;
  /** Required. The project (UUID). */
  projectId: string;
}

export interface GetAgentQueueResult {
  agentPoolId: number;
  /** Number, as text. */
  id: string;
  name: string;
  projectId: string;
}

export type GetAgentQueueOutputArgs = Args<GetAgentQueueArgs>;

const getAgentQueueLookUp = lookUp<GetAgentQueueArgs, GetAgentQueueResult>("getAgentQueue", {
  name: true,
  projectId: true,
});
/** The access of a project to a pool, by the name of the pool. */
export const getAgentQueue = getAgentQueueLookUp.plain;
/** The access of a project to a pool, by the name of the pool. */
export const getAgentQueueOutput = getAgentQueueLookUp.output;
