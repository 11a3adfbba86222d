import { evaluate, type Scope } from "./evaluate";
import { PipelineError, toText, type Value } from "./value";

export interface VariableValue {
  readonly value: string;
  readonly secret: boolean;
}

/** Variables of a scope, names without regard to case; a later scope covers an earlier one. */
export class Variables {
  readonly #byName = new Map<string, VariableValue & { readonly name: string }>();

  constructor(from?: Variables) {
    if (from) for (const [key, value] of from.#byName) this.#byName.set(key, value);
  }

  set(name: string, value: string, secret = false): void {
    this.#byName.set(name.toLowerCase(), { name, value, secret });
  }

  setAll(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  get(name: string): VariableValue | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Values that no log may show. */
  secrets(): string[] {
    return [...this.#byName.values()]
      .filter(({ secret, value }) => secret && value !== "")
      .map(({ value }) => value);
  }

  /**
   * `$(name)` in a text, also in what it stands for. A name that nobody declares is an error here; Azure
   * Pipelines leaves it as it stands, which no script of ours can mean. `$(command with words)` is the shell's.
   */
  expand(text: string, depth = 0): string {
    if (depth > 10) throw new PipelineError(`variables stand for each other in \`${text}\``);
    return text.replace(macro, (_, name: string) => {
      const found = this.get(name);
      if (!found) throw new PipelineError(`variable ${name} is declared nowhere`);
      return this.expand(found.value, depth + 1);
    });
  }

  /** What a process sees: names in capitals, periods and spaces as underscores, no secrets. */
  environment(): Record<string, string> {
    return Object.fromEntries(
      [...this.#byName.values()]
        .filter(({ secret }) => !secret)
        .map(({ name, value }) => [
          name.toUpperCase().replaceAll(/[. ]/g, "_"),
          this.expand(value),
        ]),
    );
  }

  /** The `variables` of conditions and `$[ ]`; a name that is not there is null. */
  lookup(): (name: string) => Value {
    return (name) => this.get(name)?.value ?? null;
  }
}

export const macro = /\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g;

const runtime = /^\s*\$\[(.*)\]\s*$/s;

/** A declared value, where it is `$[ ]` evaluated. */
export function runtimeValue(text: string, scope: Scope): string {
  const expression = runtime.exec(text)?.[1];
  if (expression === undefined) return text;
  const value = toText(evaluate(expression, scope));
  if (value === undefined) throw new PipelineError(`\`${text}\` is a list or an object`);
  return value;
}
