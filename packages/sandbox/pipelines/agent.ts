import type { Stored } from "../devops/state";
import type { RunFacts } from "./predefined";

/** The machine that runs jobs. */
export interface Agent {
  /** Folder under which every job has folders of its own. */
  readonly work: string;
  /** What every process sees besides the pipeline's variables: PATH and the like. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes the repository at the run's commit into an empty folder. */
  readonly checkout: (folder: string, facts: RunFacts) => Promise<void>;
  /** Assertion for a connection, as the task gets it from Azure DevOps; a secret. */
  readonly federatedToken: (connection: Stored) => string;
  /** The job's own token of Azure DevOps; a secret. */
  readonly accessToken: string;
}
