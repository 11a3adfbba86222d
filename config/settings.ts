import { z } from "zod";
import { devopsSchema } from "./devopsSettings";
import { armName, count, created, createdInPlace, tags, uuid, vmSize, whole, word } from "./fields";
import { armDefaults, connection, flow, image, imageName } from "./flowSettings";
import { kubernetes } from "./kubernetesSettings";
import { webApp } from "./webAppSettings";

/**
 * What `Pulumi.<env>.yaml` holds, as a schema. One definition serves the check, the types, and the JSON
 * Schema that editors complete from. Every default stands in it and nowhere else.
 */

const rights = z
  .enum(["Owner", "Contributor"])
  .default("Owner")
  .describe("With Contributor no role assignment is declared; the plan lists those to make.");

/** A model deployment of an Azure OpenAI account. */
const modelDeployment = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,63}$/, {
      error: "2 to 64 letters, digits, underscores, periods and hyphens",
    })
    .describe("Name that flows call the deployment by."),
  model: word.describe("Name of the model, for example gpt-4o."),
  version: word.describe("Version of the model, in quotes, for example '2024-11-20'."),
  sku: word.default("GlobalStandard").describe("Kind of capacity."),
  capacity: count().describe("Thousands of tokens per minute."),
});

export const settingsSchema = z.strictObject({
  network: z
    .enum(["open", "closed"])
    .describe("`closed`: managed network with approved outbound only and no public access."),
  zoneRedundant: z
    .boolean()
    .default(false)
    .describe("Spread what holds data over the zones of the region."),
  protect: z
    .boolean()
    .default(false)
    .describe("Locks in Azure and `protect` in Pulumi on everything that holds data."),
  suffix: z
    .string()
    .regex(/^[a-z0-9]{1,8}$/, { error: "1 to 8 lower-case letters or digits" })
    .meta({ examples: ["4f2a"] })
    .optional()
    .describe("Ending of globally unique names. By default a hash of subscription and stack."),
  tags: tags.default({}).describe("Tags of every resource that has tags."),
  resourceGroup: createdInPlace({})
    .default({ mode: "create" })
    .describe("Resource group of everything that this stack makes."),
  logAnalytics: created({
    retentionDays: whole(30, 730).default(90).describe("Days that logs are kept."),
  })
    .prefault({ mode: "create" })
    .describe("Log Analytics workspace that all logs go to."),
  applicationInsights: created({})
    .default({ mode: "create" })
    .describe("Application Insights of the workspace's endpoints."),
  storage: created({
    replication: z
      .enum(["LRS", "ZRS", "GRS", "GZRS"])
      .optional()
      .describe("Copies of the data. By default GZRS where `zoneRedundant` is on, else LRS."),
  })
    .default({ mode: "create" })
    .describe("Storage account of the workspace, without shared keys."),
  keyVault: created({
    access: z
      .enum(["rbac", "accessPolicy"])
      .default("rbac")
      .describe("Who reads secrets is said by roles or by the vault's own policies."),
    retentionDays: whole(7, 90).default(90).describe("Days that a deleted vault is kept."),
    purgeProtection: z
      .boolean()
      .default(true)
      .describe("No one can purge a deleted vault before its days are over. Never off again."),
  })
    .prefault({ mode: "create" })
    .describe("Key vault of the workspace."),
  containerRegistry: created({
    sku: z
      .enum(["Basic", "Standard", "Premium"])
      .default("Premium")
      .describe("Only Premium has private access and zones."),
  })
    .prefault({ mode: "create" })
    .describe("Container registry of the workspace, without an admin user."),
  workspace: created({
    friendlyName: z.string().optional().describe("Name shown to people. By default none."),
  })
    .default({ mode: "create" })
    .describe("Azure Machine Learning workspace."),
  machineLearningRegistry: created({})
    .optional()
    .describe(
      "Azure ML registry that other environments take versions from (`promotion`). By default none.",
    ),
  promotion: z
    .strictObject({
      from: word
        .meta({ examples: ["dev"] })
        .describe("Environment whose registry, versions and images are deployed here."),
    })
    .optional()
    .describe(
      "Deploy only what passed the gate of another environment. By default this environment evaluates its own.",
    ),
  openAI: created({
    deployments: z
      .array(modelDeployment)
      .default([])
      .describe("Model deployments of the account, by name."),
  })
    .optional()
    .describe("Azure OpenAI account. By default none."),
  compute: createdInPlace({
    size: vmSize.default("Standard_DS3_v2").describe("VM size."),
    maxNodes: whole(1, 100).default(2).describe("Nodes at most; 0 when idle."),
    idleMinutes: count().default(15).describe("Minutes without a job before a node goes."),
  })
    .optional()
    .describe("Compute cluster for jobs. By default none: jobs are serverless."),
  kubernetes,
  webApp,
  deployer: z
    .discriminatedUnion("mode", [
      z.strictObject({
        mode: z.literal("create").describe("Make a managed identity for federation."),
        rights,
      }),
      z.strictObject({
        mode: z.literal("existing").describe("Use a principal that exists."),
        principalId: uuid.describe("Object id of the service principal or managed identity."),
        rights,
      }),
    ])
    .prefault({ mode: "create" })
    .describe("Identity that pipelines deploy as."),
  endpointIdentity: z
    .enum(["perFlow", "shared"])
    .default("perFlow")
    .describe("Each flow's endpoint has an identity of its own, or all share one."),
  replaceLiveArms: z
    .boolean()
    .default(false)
    .describe("Let the plan replace an arm that carries traffic. Refused where `protect` is on."),
  connections: z
    .array(connection)
    .default([])
    .describe("Connections of the workspace to the services that flows call."),
  secrets: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Named secrets, each written by `pulumi config set --secret --path secrets.<name>`."),
  images: z
    .record(imageName, image)
    .default({})
    .describe("Container images that arms run, by name."),
  armDefaults: armDefaults.prefault({}).describe("What every arm has unless it says otherwise."),
  limits: z
    .strictObject({
      endpoints: count().default(100).describe("Online endpoints: flows that are no Web App."),
      deployments: count().default(500).describe("Deployments: arms of these flows."),
      cores: count()
        .optional()
        .describe(
          "Cores of quota of all managed deployments, with the fifth that Azure holds back. By default not counted.",
        ),
      roleAssignments: count().default(4000).describe("Role assignments of the subscription."),
    })
    .prefault({})
    .describe("Azure's limits per subscription and region that the plan counts against."),
  flows: z.record(armName, flow).default({}).describe("The flows of this environment, by folder."),
  devops: devopsSchema,
});

export type Settings = z.output<typeof settingsSchema>;
export type FlowSettings = Settings["flows"][string];
export type ArmSettings = FlowSettings["arms"][string];
export type ConnectionSettings = Settings["connections"][number];
