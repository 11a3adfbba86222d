import { setTimeout as wait } from "node:timers/promises";
import { CommandError } from "./exit";

/** Milliseconds since 1970, and waiting that ends with an AbortError. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** The variable that says how the time of a simulated Azure runs: `<begin>,<speed>`. */
export const CLOCK_VARIABLE = "GENAIOPS_CLOCK";

/** Time that began to run at `speed` times the machine's at `begin`, in milliseconds since 1970. */
export interface Pace {
  readonly begin: number;
  readonly speed: number;
}

export const nowAt = ({ begin, speed }: Pace, machine = Date.now()): number =>
  begin + (machine - begin) * speed;

export const variableOf = ({ begin, speed }: Pace): string => `${begin},${speed}`;

/**
 * The clock that the numbers of the cloud are stamped by: the machine's, or that of the simulated Azure which
 * `sandbox serve --speed` keeps. A wait ends early when the user presses Ctrl-C.
 */
export function cloudClock(
  signal?: AbortSignal,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Clock {
  const pace = paceFrom(variables[CLOCK_VARIABLE]);
  return {
    now: () => nowAt(pace),
    sleep: async (ms) => void (await wait(ms / pace.speed, undefined, { signal })),
  };
}

function paceFrom(text: string | undefined): Pace {
  if (text === undefined || text === "") return { begin: 0, speed: 1 };
  const [, begin, speed] = /^(\d+),(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (begin === undefined || !(Number(speed) > 0)) {
    throw new CommandError(
      `${CLOCK_VARIABLE}: found ${JSON.stringify(text)}; allowed is what genaiops sandbox serve wrote; unset it or read .sandbox/environment.sh again`,
    );
  }
  return { begin: Number(begin), speed: Number(speed) };
}
