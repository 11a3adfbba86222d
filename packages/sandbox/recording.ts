/** One `registerResource` or `readResource` of a program, as the engine would have received it. */
export interface Registration {
  readonly urn: string;
  /** Token, `pulumi:pulumi:Stack` for the stack itself. */
  readonly type: string;
  readonly name: string;
  /** URN; absent for the stack. */
  readonly parent?: string;
  /** False for a component. */
  readonly custom: boolean;
  /** Inputs as they go over the wire: secrets, assets and resources are objects with a signature. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  /** URNs, of `dependsOn` and of the outputs among the inputs. */
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** URNs that this resource had before. */
  readonly aliases: readonly string[];
  readonly deletedWith?: string;
  /** URNs of resources whose replacement replaces this one. */
  readonly replaceWith: readonly string[];
  /** Azure id of a resource that is only read. */
  readonly readId?: string;
}

/** What the simulated cloud answers while a program is recorded. */
export interface Answers {
  /**
   * Paths of the outputs that Azure computes inside an input object, for example `properties.vaultUri`;
   * `*` stands for every element. Outputs at the top level are found from the class itself.
   */
  computed(token: string): readonly string[];
  invoke(token: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface Recording {
  /** In the order of registration. */
  readonly registrations: readonly Registration[];
  /** Stack outputs over the wire. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface RecordArgs {
  readonly project: string;
  readonly stack: string;
  /** Full keys (`azure-native:location`); objects as JSON, as the engine hands them over. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys among them that hold a secret. */
  readonly secretKeys: readonly string[];
  readonly answers: Answers;
  /** Keep stack traces in errors of the program: slower. */
  readonly trace?: boolean;
}
