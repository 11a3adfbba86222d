import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ArmBehaviours } from "../../sandbox/server/scored";
import { CommandError } from "../exit";

const share = z.number().min(0).max(1);
const schema = z.record(
  z.string(),
  z.strictObject({
    latencyMs: z.number().min(0).optional(),
    latencySpread: z.number().min(0).max(3).optional(),
    failureRate: share.optional(),
    tokens: z.int().min(0).optional(),
    feedback: share.optional(),
    answer: z.unknown().optional(),
  }),
);

/** How the arms of the simulated Azure answer, by name: a JSON file, checked as a whole. */
export function readArms(file: string): ArmBehaviours {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new CommandError(`--arms ${file}: ${(error as Error).message}`);
  }
  const { success, error, data: arms } = schema.safeParse(data);
  if (success) return arms as ArmBehaviours;
  throw new CommandError(
    error.issues
      .map(({ path, message }) => `${file}: ${path.join(".") || "the file"}: ${message}`)
      .join("\n"),
  );
}
