import { z } from "zod";
import {
  address,
  armName,
  count,
  instanceCount,
  variableName,
  vmSize,
  whole,
  word,
} from "./fields";
import { kubernetesFlow } from "./kubernetesSettings";
import { scale } from "./scaleSettings";
import { TARGETS } from "./targets";
import { webAppFlow } from "./webAppSettings";

/** The parts of `Pulumi.<env>.yaml` that speak of flows: images, connections, flows and their arms. */

export const image = z.union(
  [
    z.strictObject({
      digest: z
        .string()
        .regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, {
          error: "an image by digest: <registry>/<repository>@sha256:<64 hexadecimal digits>",
        })
        .meta({ examples: [`example.azurecr.io/serving@sha256:${"0".repeat(64)}`] })
        .describe("Image that exists, by digest; a tag can move and is refused."),
    }),
    z.strictObject({
      build: word.describe("Folder with a Dockerfile, relative to the repository."),
    }),
    z.strictObject({
      flow: word.describe(
        "Folder under `flows/` whose model the image holds; arms of this flow alone run it.",
      ),
      from: word.describe("Name under `images` of the image that serves it, and is laid under it."),
    }),
  ],
  {
    error:
      "digest (an image that exists), build (a folder with a Dockerfile), or flow and from (a flow laid over another image)",
  },
);

/**
 * Name of an image; also of its repository in the container registry, whose grammar is path-component of
 * github.com/distribution/reference.
 */
export const imageName = z.string().regex(/^(?=.{2,64}$)[a-z0-9]+([._-][a-z0-9]+)*$/, {
  error:
    "2 to 64 lower-case letters and digits, with single periods, hyphens or underscores between",
});

const instances = instanceCount.describe("Number of VMs; 3 or more stay available.");
/** DOC/how-to-manage-quotas.md; `armChecks.ts` knows the limit of each target. */
const requestTimeoutSeconds = whole(1, 300).describe(
  "Seconds that one request may take; more than 180 only for a prompt flow model.",
);
const concurrentRequests = count().describe("Requests that one instance serves at a time.");

const arm = z.strictObject({
  version: z
    .union(
      [
        z.int().min(1, { error: "a version number of at least 1, approved or current" }),
        z.enum(["approved", "current"]),
      ],
      { error: "a version number of at least 1, approved or current" },
    )
    .describe(
      "Model version: a number; `approved`, the newest one approved for this environment; or `current`, this checkout.",
    ),
  weight: whole(0, 100).describe(
    "Share of the endpoint's requests in percent; the arms' sum is 100, or 0 while bootstrapping.",
  ),
  variant: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$/, {
      error: "a node and its variant: <node>.<variant>",
    })
    .meta({ examples: ["summarize.variant_1"] })
    .optional()
    .describe(
      "Variant that this arm serves, as <node>.<variant>. By default each node's default variant.",
    ),
  environment: z
    .record(variableName, z.string())
    .default({})
    .describe("Environment variables of the container, added to those of the serving contract."),
  image: z.string().optional().describe("A name under `images`. By default `armDefaults.image`."),
  instance: vmSize
    .optional()
    .describe("VM size of a managed deployment. By default `armDefaults.instance`."),
  instances: instances.optional(),
  requestTimeoutSeconds: requestTimeoutSeconds.optional(),
  concurrentRequests: concurrentRequests.optional(),
});

export const armDefaults = z.strictObject({
  image: z.string().optional().describe("A name under `images`."),
  instance: vmSize.default("Standard_DS3_v2").describe("VM size of managed deployments."),
  instances: instances.default(1),
  requestTimeoutSeconds: requestTimeoutSeconds.default(90),
  concurrentRequests: concurrentRequests.default(1),
});

/** How far a new arm may fall behind in a roll-out: docs/rollout.md. */
const rollout = z.strictObject({
  falseAlarms: z
    .number()
    .min(0.001)
    .max(0.5)
    .default(0.05)
    .describe("Probability that a roll-out of an arm no worse than its base is rolled back."),
  margins: z
    .strictObject({
      p95: z.number().min(0.01).max(10).default(0.2).describe("Slower by this share of the base."),
      "5xx": z
        .number()
        .min(0.001)
        .max(1)
        .default(0.01)
        .describe("More failures, as a share of requests."),
      tokens: z
        .number()
        .min(0.01)
        .max(10)
        .default(0.2)
        .describe("More tokens, as a share of the base."),
      feedback: z
        .number()
        .min(0.001)
        .max(100)
        .default(0.1)
        .describe("Lower mean score, in its own unit."),
    })
    .prefault({})
    .describe("How much worse an arm may be and still go on."),
  minimum: z
    .strictObject({
      requests: count().default(50).describe("Requests of each arm."),
      minutes: whole(3, 1000).default(5).describe("Minutes in which both arms served."),
      feedback: whole(10, 1_000_000).default(30).describe("Scores of each arm."),
    })
    .prefault({})
    .describe("Numbers below which a comparison says nothing."),
  change: z
    .enum(["commit", "pullRequest"])
    .default("commit")
    .describe("Each step is a commit on this branch, or a pull request that completes itself."),
});

export const flow = z.strictObject({
  target: z
    .enum(TARGETS)
    .default("managed")
    .describe("Where the flow runs: moving it to another target changes this word alone."),
  authentication: z
    .enum(["AADToken", "AMLToken", "Key"])
    .optional()
    .describe("How callers authenticate. By default AADToken, on Kubernetes AMLToken."),
  publicAccess: z
    .boolean()
    .optional()
    .describe(
      "Reachable from the internet. By default only in an open network; on Kubernetes the cluster decides.",
    ),
  kubernetes: kubernetesFlow,
  webApp: webAppFlow,
  arms: z.record(armName, arm).describe("The deployments behind the flow's endpoint, by name."),
  mirror: z
    .strictObject({
      arm: armName.describe("An arm of this flow that has weight 0."),
      // DOC/how-to-safely-rollout-online-endpoints.md
      percent: whole(1, 50).describe("Share of the live requests that it gets a copy of."),
    })
    .optional()
    .describe("Copy a share of the live requests to one arm that has weight 0."),
  scale,
  rollout: rollout.prefault({}).describe("Rules of `genaiops rollout`."),
});

/** Workspace connections: DOC/how-to-connection.md; the name's rule is that of the ARM type. */
const connectionName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/, {
    error: "3 to 33 letters, digits, hyphens and underscores, starting with a letter or digit",
  })
  .meta({ examples: ["aoai"] });
const secret = z.string().describe("A name under `secrets`, whose value is the key.");

export const connection = z.discriminatedUnion("type", [
  z.strictObject({
    name: connectionName.describe("Name that flows use."),
    type: z.literal("azureOpenAI"),
    target: address.optional().describe("Account address. By default the account of this stack."),
    apiVersion: z.string().default("2024-10-21").describe("Version of the service's API."),
    secret: secret
      .optional()
      .describe("A name under `secrets`: use that key. By default Entra tokens, no key."),
  }),
  z.strictObject({
    name: connectionName.describe("Name that flows use."),
    type: z.literal("openAI"),
    secret,
  }),
  z.strictObject({
    name: connectionName.describe("Name that flows use."),
    type: z.literal("aiSearch"),
    target: address.describe("Address of the search service."),
    secret: secret
      .optional()
      .describe("A name under `secrets`: use that key. By default Entra tokens, no key."),
  }),
]);
