import { z } from "zod";

const fault = z.strictObject({
  kind: z
    .enum(["error", "garbage", "hangUp"])
    .describe(
      "`error`: 500. `garbage`: 200 with half a JSON text. `hangUp`: the connection is cut.",
    ),
  every: z
    .int()
    .min(1)
    .optional()
    .describe("Strike each n-th completion request; by default every one."),
  times: z.int().min(1).optional().describe("Stop after so many strikes; by default never."),
  containing: z
    .string()
    .optional()
    .describe("Strike only requests whose messages contain this text."),
});

/** How the stand-in behaves; all of it can be changed while it runs by `PUT /stand-in/settings`. */
export const settingsSchema = z.strictObject({
  key: z
    .string()
    .min(1)
    .default("stand-in")
    .describe("The only key that is accepted; others get 401."),
  deployments: z
    .array(z.string())
    .optional()
    .describe("Deployments (or models) that exist; by default any name does."),
  latencyMilliseconds: z.int().min(0).default(0).describe("Wait before each answer."),
  rateLimit: z
    .strictObject({ requests: z.int().min(0), seconds: z.number().positive() })
    .optional()
    .describe("So many completions per window of so many seconds; more get 429 with Retry-After."),
  fault: fault.optional(),
});

export type StandInSettings = z.output<typeof settingsSchema>;
export type StandInOptions = z.input<typeof settingsSchema>;

/** What has been asked of the stand-in since it started or since `POST /stand-in/reset`. */
export interface Counters {
  /** Completion requests of any outcome. */
  requests: number;
  /** Completions answered with a message. */
  answered: number;
  /** Requests with a wrong or missing key. */
  unauthorised: number;
  rateLimited: number;
  faults: number;
  promptTokens: number;
  completionTokens: number;
}

export function noRequests(): Counters {
  return {
    requests: 0,
    answered: 0,
    unauthorised: 0,
    rateLimited: 0,
    faults: 0,
    promptTokens: 0,
    completionTokens: 0,
  };
}
