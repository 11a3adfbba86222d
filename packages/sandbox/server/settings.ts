import type { SandboxSettings } from "../azure";
import type { DevOpsSettings } from "../devops/state";
import type { Application } from "./entra";
import type { RunCommand } from "./jobCommand";
import type { AnsweringModel } from "./models";
import type { Grant } from "./principals";
import type { ObservedWrite } from "./resourceManager";
import type { ArmBehaviours } from "./scored";

/** What a simulated Azure over HTTPS is told beside its state. */
export interface ServerSettings extends SandboxSettings {
  /** The simulated Azure DevOps: its people, what its imports bring. @default one person, empty imports */
  readonly devOps?: DevOpsSettings;
  /** Blobs are open only to principals with a data role in the model. @default true */
  readonly dataRoles?: boolean;
  /**
   * What a `kill` fault does once its write is stored: `drop` breaks the connection, `exit` ends the
   * process as a kill would. @default drop
   */
  readonly onKill?: "drop" | "exit";
  /** Roles that somebody granted before, beside those that are resources. @default none */
  readonly grants?: readonly Grant[];
  /** Called after every write to Resource Manager, refused ones too. @default nobody listens */
  readonly observe?: (write: ObservedWrite) => void;
  /** Service principals that log in with a secret, held in memory alone. @default none */
  readonly applications?: readonly Application[];
  /** How the arms behind endpoints answer. @default each answers `{}` at once */
  readonly arms?: ArmBehaviours;
  /** The same seed routes and fails the same requests to endpoints. @default 1 */
  readonly seed?: number;
  /** Answers for the model deployments of Azure OpenAI accounts. @default none answers */
  readonly models?: AnsweringModel;
  /** Runs the commands of jobs. @default bash on this machine, with the Python of GENAIOPS_PYTHON */
  readonly runJob?: RunCommand;
  /** Time of those requests, in milliseconds since 1970. @default the machine's clock */
  readonly clock?: () => number;
}
