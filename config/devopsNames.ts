/**
 * Names that both sides of Azure DevOps use: the stack declares them, and the YAML under `pipelines/` names
 * them. Nothing else agrees between the two.
 */

/** Path of each pipeline's YAML from the root of the repository. */
export const PIPELINE_FILES = {
  /** Checks of a pull request for one flow. */
  pullRequest: "pipelines/pull-request.yml",
  /** Experiment, evaluation, registration and deployment of one flow in one environment. */
  continuousDelivery: "pipelines/continuous-delivery.yml",
  /** Preview, update and nightly drift check of one environment. */
  infrastructure: "pipelines/infrastructure.yml",
} as const;

/**
 * Variables that a pipeline's definition passes to its YAML; none can be set when a run is queued. The
 * infrastructure pipelines have no `FLOW`.
 */
export const PIPELINE_VARIABLES = {
  /** Folder under `flows/`. */
  flow: "FLOW",
  /** Stack. */
  environment: "ENVIRONMENT",
  /** Address of Pulumi's state; absent where the settings do not say where it lies. */
  state: "PULUMI_BACKEND_URL",
} as const;

/**
 * Pool of the agents that Microsoft hosts. No YAML names a pool: a pipeline's definition says which one its
 * jobs run in.
 */
export const HOSTED_POOL = "Azure Pipelines";

/** What one environment has in the project. */
export interface DevOpsNames {
  /** Service connection of the deployer; for what runs after review. */
  readonly connection: string;
  /** Service connection that only reads; for pull requests. */
  readonly pullRequestConnection: string;
  /** Variable group with the environment's names; it holds no secret. */
  readonly variableGroup: string;
  /**
   * Variable group of secrets, linked to the key vault; there only where the settings name secrets. The
   * definitions of pipelines that deploy bring it, so that no YAML names it.
   */
  readonly secretGroup: string;
  /** Azure DevOps environment with approval, branch control and lock. */
  readonly environment: string;
  /** Folder of the environment's pipelines, beginning with a backslash. */
  readonly folder: string;
  /** Pipelines of the infrastructure, in `folder`. */
  readonly infrastructure: string;
  readonly infrastructurePullRequest: string;
}

/** Names of the environment's things in Azure DevOps; the same stack always gives the same names. */
export function devOpsNames(stack: string): DevOpsNames {
  return {
    connection: `genaiops-${stack}-deploy`,
    pullRequestConnection: `genaiops-${stack}-pull-request`,
    variableGroup: `llmops_platform_${stack}_vg`,
    secretGroup: `llmops_platform_${stack}_secrets_vg`,
    environment: `genaiops-${stack}`,
    folder: `\\${stack}`,
    infrastructure: `infrastructure-${stack}`,
    infrastructurePullRequest: `infrastructure-${stack}-pull-request`,
  };
}

/** A flow's pipelines, in a folder of its own below the environment's. */
export interface FlowPipelineNames {
  readonly folder: string;
  readonly pullRequest: string;
  readonly continuousDelivery: string;
}

export function flowPipelineNames(stack: string, flow: string): FlowPipelineNames {
  return {
    folder: `\\${stack}\\${flow}`,
    pullRequest: `${flow}-${stack}-pull-request`,
    continuousDelivery: `${flow}-${stack}`,
  };
}
