import type { Edit, Files } from "../repository";

/** A change of the sound repository that makes it wrong, and every line that must be said of it. */
export interface Wrong {
  readonly name: string;
  /** By default `dev`. */
  readonly stack?: string;
  readonly edits?: readonly Edit[];
  readonly files?: Files;
  readonly links?: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** An environment that shares what it evaluates. */
export const EVALUATING = `config:
  azure-native:subscriptionId: 33333333-3333-4333-8333-333333333333
  network: open
  machineLearningRegistry: { mode: create }
  images:
    serving: { build: images/serving }
`;
