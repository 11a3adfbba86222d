import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { InvalidArgumentError, Option } from "commander";

/** What stands on the command line and means the same for several verbs; each fault is told by commander. */

const wholeFrom =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || text.trim() === "") {
      throw new InvalidArgumentError(`It is a whole number from ${least}.`);
    }
    return value;
  };

/** A whole number from 0. */
export const whole = wholeFrom(0);
/** A whole number from 1. */
export const positive = wholeFrom(1);

/** Ten days. A timer of Node.js takes 24 days at most, and fires at once when it is given more. */
const MOST_SECONDS = 864_000;

export function seconds(text: string): number {
  const value = positive(text);
  if (value > MOST_SECONDS) {
    throw new InvalidArgumentError(`It is at most ${MOST_SECONDS} seconds, which are ten days.`);
  }
  return value;
}

/** A flow is named by its folder alone: the name becomes part of paths and of names in the cloud. */
export function flowName(text: string): string {
  const name = basename(text);
  if (name === text && !/^\.*$/.test(text)) return text;
  const hint = /^\.*$/.test(name) ? "" : ` Write ${name}.`;
  throw new InvalidArgumentError(`A flow is named by its folder under flows/ alone.${hint}`);
}

/** An environment is named as a stack is: the name becomes part of paths. */
export function environmentName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text)) return text;
  throw new InvalidArgumentError("Write the name of an environment, for example dev.");
}

/** The environment that an experiment is run and evaluated in. */
export const overlayEnvironment = () =>
  new Option("-e, --env <name>", "environment, whose overlay of the experiment applies")
    .argParser(environmentName)
    .makeOptionMandatory();

/** How prompt flow is run, whichever verb runs it. */
export const promptFlow = {
  // A run waits for the model most of the time, but prompt flow itself needs a processor.
  parallel: () =>
    new Option("--parallel <runs>", "runs of prompt flow at a time")
      .argParser(positive)
      .default(Math.min(4, availableParallelism())),
  lines: () =>
    new Option("--lines <lines>", "lines at a time in each of them").argParser(positive).default(4),
  lineTimeout: () =>
    new Option("--line-timeout <seconds>", "seconds that may pass without a finished line")
      .argParser(seconds)
      .default(600),
} as const;
