import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import { HOSTED_POOL } from "../../config/devopsNames";
import type { AgentSettings } from "../../config/devopsSettings";
import { numericId } from "./numericId";
import type { Project } from "./project";

export interface AgentsArgs {
  readonly project: Project;
  readonly settings: AgentSettings;
  /** Conditional. Id of the queue that exists. Required where the settings say so. */
  readonly existing: string | undefined;
}

/** The agents that an environment's pipelines run on: Microsoft's, or a pool inside of its network. */
export class Agents extends pulumi.ComponentResource {
  readonly pool: string;
  /** Image of hosted agents; absent for a pool of one's own. */
  readonly image?: string;
  /** Id of the queue that pipelines must be let use; absent for hosted agents, open to every pipeline. */
  readonly queueId?: pulumi.Output<string>;

  constructor(name: string, args: AgentsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:Agents", name, {}, opts);
    const { settings } = args;
    if (settings.mode === "hosted") {
      this.pool = HOSTED_POOL;
      this.image = settings.image;
    } else {
      this.pool = settings.pool;
      this.queueId = this.queue(name, settings, args);
    }
    this.registerOutputs({});
  }

  private queue(
    name: string,
    settings: Exclude<AgentSettings, { mode: "hosted" }>,
    { project, existing }: AgentsArgs,
  ): pulumi.Output<string> {
    if (settings.mode === "existing" && settings.queue === "existing") {
      return pulumi.output(existing as string);
    }
    const pool =
      settings.mode === "create"
        ? {
            agentPoolId: numericId(
              new azuredevops.Pool(
                `${name}.pool`,
                { name: settings.pool, poolType: "automation", autoProvision: false },
                { parent: this },
              ),
            ),
          }
        : { name: settings.pool };
    return new azuredevops.Queue(
      name,
      { projectId: project.id, ...pool },
      { parent: this, deletedWith: project.created },
    ).id;
  }
}
