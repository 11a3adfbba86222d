import program from "../../index";
import type { Environment } from "../../config/environment";
import { symbolicLookUp } from "../../packages/sandbox/devops/symbolic";
import { record } from "../../packages/sandbox/monitor";
import type { Registration } from "../../packages/sandbox/recording";

// A whole program runs in each test, and a busy machine takes its time for the first.
jest.setTimeout(60_000);

export interface Answered {
  /** Approved version by model. */
  readonly approved?: Readonly<Record<string, number>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** One resource that the program declares, with references as `<name.path>`. */
export interface Declared {
  /** Token without its provider's module path being cut: `azure-native:keyvault:Vault`. */
  readonly type: string;
  readonly name: string;
  /** Name of the parent; `stack` for the stack itself. */
  readonly parent: string;
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  readonly protect: boolean;
  /** Names, sorted, of what it was told to wait for and of what its inputs come from. */
  readonly after: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly aliases: readonly string[];
  readonly deletedWith?: string;
  readonly replaceWith: readonly string[];
  /** Id of a resource that is only read. */
  readonly readId?: unknown;
}

export interface Declaration {
  readonly resources: readonly Declared[];
  readonly outputs: Record<string, unknown>;
  /** Every question to a provider: token and arguments. */
  readonly invokes: readonly (readonly [string, Record<string, unknown>])[];
  /** The one resource of a type with a name. */
  one(type: string, name?: string): Declared;
  /** All of a type, sorted by name: the order of registration is no promise. */
  all(type: string): readonly Declared[];
}

/** Run the program in this process and tell what it declares. */
export async function declare(
  environment: Environment,
  answered: Answered = {},
): Promise<Declaration> {
  const invokes: [string, Record<string, unknown>][] = [];
  const { registrations, outputs } = await record(() => program({ environment }), {
    project: environment.project,
    stack: environment.stack,
    config: { [`${environment.project}:secrets`]: JSON.stringify(answered.secrets ?? {}) },
    secretKeys: [`${environment.project}:secrets`],
    trace: true,
    answers: {
      computed: (token) =>
        ({
          "azure-native:cognitiveservices:Account": ["properties.endpoint"],
          "azure-native:machinelearningservices:ModelVersion": ["properties.modelUri"],
        })[token] ?? [],
      invoke: async (token, args) => {
        invokes.push([token, args]);
        return symbolicLookUp(token, args) ?? { versions: answered.approved ?? {} };
      },
    },
  });
  const resources = registrations.slice(1).map(declared);
  const all = (type: string) =>
    resources
      .filter((resource) => resource.type === type)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    resources,
    outputs: short(outputs) as Record<string, unknown>,
    invokes,
    all,
    one(type, name) {
      const found = all(type).filter((resource) => name === undefined || resource.name === name);
      if (found.length !== 1) {
        throw new Error(
          `${found.length} resources ${type} ${name ?? ""}: ${all(type).map((r) => r.name)}`,
        );
      }
      return found[0] as Declared;
    },
  };
}

function declared(registration: Registration): Declared {
  const { type, name, custom, inputs, protect, ignoreChanges, replaceOnChanges } = registration;
  const parent = nameOf(registration.parent ?? "");
  return {
    type,
    name,
    parent: parent.startsWith("genaiops-platform-") ? "stack" : parent,
    custom,
    inputs: short(inputs) as Record<string, unknown>,
    protect,
    after: registration.dependencies.map(nameOf).sort(),
    ignoreChanges,
    replaceOnChanges,
    aliases: registration.aliases,
    replaceWith: registration.replaceWith.map(nameOf),
    deletedWith: registration.deletedWith && nameOf(registration.deletedWith),
    readId: short(registration.readId),
  };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) as string;
}

/** References without the beginning of their URN. */
function short(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(
    JSON.stringify(value).replace(
      /\$\{urn:[^}]*?::([^:}]+)\}/g,
      (_, reference) => `<${reference}>`,
    ),
  );
}
