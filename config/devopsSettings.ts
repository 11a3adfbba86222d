import { z } from "zod";
import { address, named, uuid, variableName, whole, word } from "./fields";

/** The block `devops` of a stack's settings: what this environment has in Azure DevOps. */

/** Stands in the samples of the system's predecessor; nobody reads it. */
export const PLACEHOLDER_APPROVER = "replace@youremail.com";

const secretName = word.describe("Name under `secrets`.");

const project = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.literal("create").describe("Make the project; other stacks join it."),
    name: word.describe("Name of the project, unique in the organisation."),
    description: z.string().optional().describe("Text on the project's page. By default none."),
  }),
  z.strictObject({
    mode: z.literal("existing").describe("Join a project that exists and leave it as it is."),
    name: word.describe("Name of the project."),
  }),
]);

/** Without a leading slash, as in Git. */
const file = z.string().regex(/^[^/\\][^\\]*$/, {
  error: "a path from the root of the repository, without a leading slash",
});

const seed = z.array(file).describe("Files of this checkout that the repository lacks.");

const repository = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.literal("create").describe("Make a repository with one first commit."),
    name: word.describe("Name of the repository."),
    seed: seed.optional().describe("Files to begin with. By default all of `pipelines/`."),
  }),
  z.strictObject({
    mode: z.literal("import").describe("Make a repository with the history of another one."),
    name: word.describe("Name of the repository."),
    url: address.describe("Address to clone from."),
    branches: z
      .array(z.enum(["main", "development"]))
      .min(1, { error: "main, development or both" })
      .default(["main", "development"])
      .describe("Which of the two the other repository has; the missing one is made from it."),
    user: z.string().optional().describe("User for a private address. By default it is public."),
    secret: secretName.optional().describe("Name under `secrets` of the user's password."),
    seed: seed.default([]),
  }),
  z.strictObject({
    mode: z.literal("existing").describe("Use a repository that exists."),
    name: word.describe("Name of the repository."),
    seed: seed.default([]),
  }),
]);

/** A branch, or a folder of branches: `release/*`. */
const branch = z.string().regex(/^(?!refs\/)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*(\/\*)?$/, {
  error: "a branch without refs/heads/, or a folder of branches such as release/*",
});

const mergeType = z.enum(["squash", "merge", "rebase", "rebaseMerge"]);

const policies = z
  .strictObject({
    reviewers: whole(1, 10).default(2).describe("Approvals of others than the author."),
    reviewerGroup: word
      .default("Contributors")
      .describe("Group of the project whose members' approvals count. A pipeline is no member."),
    newBranches: z
      .enum(["administrators", "contributors"])
      .default("administrators")
      .describe(
        "Who makes branches in a folder such as release/*: nobody reviews what one begins with.",
      ),
    comments: z.boolean().default(true).describe("Every comment is resolved."),
    workItems: z.boolean().default(true).describe("A work item is linked."),
    mergeTypes: z
      .array(mergeType)
      .min(1, { error: "at least one of squash, merge, rebase, rebaseMerge" })
      .default(["squash"])
      .describe("Ways in which a pull request may be completed."),
    validMinutes: whole(0, 43_200)
      .default(720)
      .describe("Minutes that a passed run counts; 0 is until the next push."),
  })
  .prefault({})
  .describe("What is asked of a pull request into one of `branches`.");

const approval = z
  .strictObject({
    approvers: z
      .array(z.email({ error: "an e-mail address" }))
      .min(1, { error: "at least one e-mail address" })
      .describe("E-mail addresses of those who may approve, one of whom must."),
    timeoutMinutes: whole(1, 43_200)
      .default(60)
      .describe("Minutes until a deployment that nobody approved is rejected."),
  })
  .optional()
  .describe("People who approve a deployment. By default nobody is asked.");

const poolName = word.describe("Name of the pool, unique in the organisation.");

const anyAgents = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.literal("hosted").describe("Agents of Microsoft, outside of any closed network."),
    image: word.default("ubuntu-latest").describe("Image of the agents."),
  }),
  z.strictObject({
    mode: z.literal("create").describe("Make a pool; agents join it from within the network."),
    pool: poolName,
  }),
  z.strictObject({
    mode: z.literal("existing").describe("Use a pool of the organisation."),
    pool: poolName,
    queue: z
      .enum(["create", "existing"])
      .default("create")
      .describe("Whether the project must still be let use the pool."),
  }),
]);

const agents = anyAgents.prefault({ mode: "hosted" }).describe("Agents that run the pipelines.");

const pullRequestAgents = anyAgents
  .optional()
  .describe(
    "Other agents for pull requests, whose code nobody has reviewed. By default they run on `agents`.",
  );

const state = z
  .strictObject({
    resourceGroup: named("resourceGroup").describe("Resource group of the two below."),
    storageAccount: named("storage").describe("Storage account of Pulumi's state."),
    container: word.default("pulumi").describe("Container of the state."),
    keyVault: named("keyVault").describe("Key vault with the key of the state's secrets."),
  })
  .optional()
  .describe("Where Pulumi's state lies; pipelines get their rights on it. By default not known.");

/** What a change of makes every flow run. */
const SHARED_PATHS = [
  "/components/*",
  "/config/*",
  "/images/*",
  "/index.ts",
  "/package-lock.json",
  "/package.json",
  "/packages/*",
  "/pipelines/*",
  "/Pulumi.yaml",
];

export const devopsSchema = z
  .strictObject({
    project: project.describe("The project; one environment creates it, the others join."),
    repository: repository.describe("The repository of flows and platform."),
    protect: z
      .boolean()
      .default(true)
      .describe("`protect` in Pulumi on the project and repository that this stack creates."),
    branches: z
      .array(branch)
      .min(1, { error: "at least one branch" })
      .describe("Branches that this environment is deployed from; this stack guards them."),
    policies,
    sharedPaths: z
      .array(z.string().regex(/^\//, { error: "a path with a leading slash, such as /images/*" }))
      .default(SHARED_PATHS)
      .describe("Paths outside of a flow's folder that call for the pipelines of every flow."),
    connection: z
      .strictObject({
        subscriptionName: word
          .optional()
          .describe("Name shown for the subscription. By default its id."),
        clientId: uuid.optional().describe("Client id of a deployer that exists."),
        secret: secretName
          .optional()
          .describe("Name under `secrets` of its password. By default it is federated."),
      })
      .prefault({})
      .describe("How pipelines sign in to Azure: by federation unless a secret is named."),
    member: z
      .boolean()
      .default(true)
      .describe("Make the deployer a member of the organisation, with rights by name."),
    secrets: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[0-9A-Za-z-]{1,127}$/, { error: "1 to 127 letters, digits and hyphens" })
            .describe("Name of the secret in the key vault."),
          secret: secretName
            .optional()
            .describe("Name under `secrets` of the value to keep. By default it is there already."),
        }),
      )
      .default([])
      .describe("Secrets of the key vault that deployments read, by a linked variable group."),
    variables: z
      .record(variableName, z.string({ error: "a text" }))
      .default({})
      .describe("What `ENV_VARS` of the variable group holds; never a secret."),
    approval,
    agents,
    pullRequestAgents,
    state,
    driftHour: whole(0, 23).default(3).describe("Hour (UTC) of the nightly drift check."),
  })
  .optional()
  .describe("Azure DevOps: project, policies, connections, pipelines. By default none.");

export type AgentSettings = z.output<typeof anyAgents>;

export type DevOpsSettings = NonNullable<z.output<typeof devopsSchema>>;
