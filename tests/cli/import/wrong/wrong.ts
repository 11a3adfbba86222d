import type { Place } from "../place";

/** One fault in a use case, and every line that an import says because of it. */
export interface Wrong {
  readonly fault: string;
  readonly make: (place: Place) => void;
  /** `refused`: nothing is written. `open`: written, and `genaiops validate` does not pass yet. */
  readonly outcome: "refused" | "open" | "valid";
  readonly said: readonly string[];
}

/** Looks like a key of a model service, and is none. */
export const KEY = ["sk", "a1b2c3d4".repeat(4)].join("-");
