import { resourceClass } from "./resource";
import type { Args, State } from "./shape";

/** One variable of a group. Its shape differs by where the value comes from. */
export interface VariableGroupVariable {
  /** Output of a vault-linked group: content type of the secret. */
  contentType?: string;
  /** Output of a vault-linked group: whether the secret is enabled. */
  enabled?: boolean;
  /** Output of a vault-linked group: when the secret expires. */
  expires?: string;
  /** Conditional. `true` for a secret held by the group; left out for a plain variable. */
  isSecret?: boolean;
  /** Required. In a vault-linked group the name of the secret, and nothing else is set. */
  name: string;
  /** Conditional. Secret: the value if `isSecret`. */
  secretValue?: string;
  /** Conditional. The value of a plain variable. */
  value?: string;
}

/** The vault behind a group. */
export interface VariableGroupKeyVault {
  /** Required. Name of the key vault. */
  name: string;
  /**
   * Optional. Pages of 25 secrets that are read in search of the variables: 20 covers 500 secrets.
   * @default - 20
   */
  searchDepth?: number;
  /** Required. Azure RM connection (UUID) whose identity may get and list the vault's secrets. */
  serviceEndpointId: string;
}

interface VariableGroupInputs {
  /**
   * Optional. Opens the group to every pipeline of the project, also those to come.
   * @default - false: authorise each with `PipelineAuthorization`
   */
  allowAccess?: boolean;
  /**
   * Optional. Text shown in the library.
   * @default - no description
   */
  description?: string;
  /**
   * Optional. Reads the variables from a key vault. They are looked up at creation: depend on the
   * secrets, the role assignment and the connection's federated credential.
   * @default - the group holds its values itself
   */
  keyVault?: VariableGroupKeyVault;
  /**
   * Optional. Name by which pipelines use the group.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
  /** Required. At least one, also with `keyVault`. */
  variables: VariableGroupVariable[];
}

interface VariableGroupAnswers {
  name: string;
}

export type VariableGroupArgs = Args<VariableGroupInputs>;
export type VariableGroupState = State<VariableGroupInputs, VariableGroupAnswers>;

/** Variables shared between pipelines. Its id is a number, as text. */
export class VariableGroup extends resourceClass<VariableGroupInputs, VariableGroupAnswers>(
  "variableGroup:VariableGroup",
  {
    allowAccess: "optional",
    description: "optional",
    keyVault: "optional",
    name: "optional",
    projectId: "required",
    variables: "required",
  },
  { secrets: ["variables[].secretValue"] },
) {}
