/** What one SDK shows of a property: its type as text (see `objectText`), and whether it is there. */
export interface Property {
  readonly type: string;
  readonly required: boolean;
}

export type Properties = Record<string, Property>;

export interface ResourceFace {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface FunctionFace {
  readonly inputs: Properties;
  readonly results: Properties;
}

/** Everything that two SDKs of one provider must agree on. */
export interface Face {
  readonly resources: Record<string, ResourceFace>;
  readonly functions: Record<string, FunctionFace>;
  readonly provider: Properties;
}

/** A block as text, the same from whichever language: `{a: string; b?: number[]}`, sorted. */
export function objectText(properties: Properties): string {
  const parts = Object.entries(properties)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { type, required }]) => `${name}${required ? "" : "?"}: ${type}`);
  return `{${parts.join("; ")}}`;
}

/** Every property made optional. */
export function allOptional(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, { type, required: false }]),
  );
}
