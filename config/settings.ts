import { z } from "zod";

/**
 * What `Pulumi.<env>.yaml` holds, as a schema. One definition serves the check, the types, and the JSON
 * Schema that editors complete from. Every default stands here and nowhere else.
 */

/** Endpoint and deployment names: DOC/how-to-manage-quotas.md, DOC/reference-yaml-endpoint-online.md. */
export const armName = z
  .string()
  .min(3)
  .max(32)
  .regex(/^[a-z]([a-z0-9]|-(?!-))*[a-z0-9]$/, {
    error: "lower-case letters, digits and single dashes, starting with a letter",
  });

const percent = z.int().min(0).max(100);
const uuid = z.uuid();
const resourceName = z.string().min(1);

/** Adopt what exists: nothing on it is changed. */
const existing = z.strictObject({
  mode: z.literal("existing"),
  name: resourceName.describe("Name of the resource to adopt."),
  resourceGroup: resourceName
    .optional()
    .describe("Resource group it stands in. By default the resource group of this stack."),
});

/** Build a `create | existing` choice with the fields that only a created resource has. */
function created<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.discriminatedUnion("mode", [
    z.strictObject({
      mode: z.literal("create"),
      name: resourceName
        .optional()
        .describe("Name in Azure. By default composed from project, stack and suffix."),
      ...shape,
    }),
    existing,
  ]);
}

const tags = z.record(z.string(), z.string());

const image = z.union([
  z.strictObject({
    digest: z
      .string()
      .regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, {
        error: "an image by digest: <registry>/<repository>@sha256:<64 hex digits>",
      })
      .describe("Image that exists, by digest; a tag can move and is refused."),
  }),
  z.strictObject({
    build: z.string().min(1).describe("Folder with a Dockerfile, relative to the repository."),
  }),
]);

const arm = z.strictObject({
  version: z
    .union([z.int().min(1), z.enum(["approved", "current"])])
    .describe(
      "Model version: a number; `approved`, the newest one approved for this environment; or `current`, this checkout.",
    ),
  weight: percent.describe(
    "Share of the endpoint's requests in percent; the arms' sum is 100, or 0 while bootstrapping.",
  ),
  variant: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$/, { error: "<node>.<variant>" })
    .optional()
    .describe(
      "Variant that this arm serves, as <node>.<variant>. By default each node's default variant.",
    ),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
    .default({})
    .describe("Environment variables of the container, added to those of the serving contract."),
  image: z.string().optional().describe("A name under `images`. By default `armDefaults.image`."),
  instance: z.string().optional().describe("VM size. By default `armDefaults.instance`."),
  instances: z
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe("Number of VMs. By default `armDefaults.instances`."),
  requestTimeoutSeconds: z.int().min(1).max(300).optional(),
  concurrentRequests: z.int().min(1).optional(),
});

const flow = z.strictObject({
  authentication: z
    .enum(["AADToken", "AMLToken", "Key"])
    .default("AADToken")
    .describe("How callers authenticate."),
  publicAccess: z
    .boolean()
    .optional()
    .describe("Reachable from the internet. By default only in an open network."),
  arms: z.record(armName, arm).describe("The deployments behind the flow's endpoint, by name."),
  mirror: z
    .strictObject({
      arm: armName,
      percent: z.int().min(1).max(50),
    })
    .optional()
    .describe("Copy a share of the live requests to one arm that has weight 0."),
});

const connection = z.discriminatedUnion("type", [
  z.strictObject({
    name: resourceName,
    type: z.literal("azureOpenAI"),
    target: z.url().optional().describe("Account address. By default the account of this stack."),
    apiVersion: z.string().default("2024-10-21"),
    secret: z
      .string()
      .optional()
      .describe("A name under `secrets`: use that key. By default Entra tokens, no key."),
  }),
  z.strictObject({
    name: resourceName,
    type: z.literal("openAI"),
    secret: z.string(),
  }),
  z.strictObject({
    name: resourceName,
    type: z.literal("aiSearch"),
    target: z.url(),
    secret: z.string().optional(),
  }),
]);

export const settingsSchema = z.strictObject({
  network: z
    .enum(["open", "closed"])
    .describe("`closed`: managed network with approved outbound only and no public access."),
  zoneRedundant: z.boolean().default(false),
  protect: z
    .boolean()
    .default(false)
    .describe("Locks in Azure and `protect` in Pulumi on everything that holds data."),
  suffix: z
    .string()
    .regex(/^[a-z0-9]{1,8}$/, { error: "1 to 8 lower-case letters or digits" })
    .optional()
    .describe("Ending of globally unique names. By default a hash of subscription and stack."),
  tags: tags.default({}),
  resourceGroup: created({}).default({ mode: "create" }),
  logAnalytics: created({ retentionDays: z.int().min(30).max(730).default(90) }).prefault({
    mode: "create",
  }),
  applicationInsights: created({}).default({ mode: "create" }),
  storage: created({
    replication: z.enum(["LRS", "ZRS", "GRS", "GZRS"]).optional(),
  }).default({ mode: "create" }),
  keyVault: created({
    access: z.enum(["rbac", "accessPolicy"]).default("rbac"),
    retentionDays: z.int().min(7).max(90).default(90),
    purgeProtection: z.boolean().default(true),
  }).prefault({ mode: "create" }),
  containerRegistry: created({
    sku: z.enum(["Basic", "Standard", "Premium"]).default("Premium"),
  }).prefault({ mode: "create" }),
  workspace: created({ friendlyName: z.string().optional() }).default({ mode: "create" }),
  machineLearningRegistry: created({}).optional(),
  openAI: created({
    deployments: z
      .array(
        z.strictObject({
          name: resourceName,
          model: z.string(),
          version: z.string(),
          sku: z.string().default("GlobalStandard"),
          capacity: z.int().min(1).describe("Thousands of tokens per minute."),
        }),
      )
      .default([]),
  }).optional(),
  compute: created({
    size: z.string().default("Standard_DS3_v2"),
    maxNodes: z.int().min(1).max(100).default(2),
    idleMinutes: z.int().min(1).default(15),
  }).optional(),
  deployer: z
    .discriminatedUnion("mode", [
      z.strictObject({
        mode: z.literal("create"),
        rights: z.enum(["Owner", "Contributor"]).default("Owner"),
      }),
      z.strictObject({
        mode: z.literal("existing"),
        principalId: uuid.describe("Object id of the service principal or managed identity."),
        rights: z.enum(["Owner", "Contributor"]).default("Owner"),
      }),
    ])
    .prefault({ mode: "create" }),
  endpointIdentity: z.enum(["perFlow", "shared"]).default("perFlow"),
  replaceLiveArms: z
    .boolean()
    .default(false)
    .describe("Let the plan replace an arm that carries traffic. Refused where `protect` is on."),
  connections: z.array(connection).default([]),
  secrets: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Named secrets, each written by `pulumi config set --secret --path secrets.<name>`."),
  images: z.record(z.string(), image).default({}),
  armDefaults: z
    .strictObject({
      image: z.string().optional(),
      instance: z.string().default("Standard_DS3_v2"),
      instances: z.int().min(1).max(50).default(1),
      requestTimeoutSeconds: z.int().min(1).max(300).default(90),
      concurrentRequests: z.int().min(1).default(1),
    })
    .prefault({}),
  limits: z
    .strictObject({
      endpoints: z.int().min(1).default(100),
      deployments: z.int().min(1).default(500),
      roleAssignments: z.int().min(1).default(4000),
    })
    .prefault({})
    .describe("Azure's limits per subscription and region that the plan counts against."),
  flows: z.record(armName, flow).default({}),
});

export type Settings = z.output<typeof settingsSchema>;
export type FlowSettings = Settings["flows"][string];
export type ArmSettings = FlowSettings["arms"][string];
export type ConnectionSettings = Settings["connections"][number];
