import type { Stored } from "../devops/state";
import { things } from "../devops/store";
import type { World } from "../devops/type";
import type { Pipeline, Stage } from "./structure";
import { PipelineError } from "./value";

/** Something outside of the YAML that a stage uses, as authorisations and checks call it. */
export interface Used {
  readonly type: "endpoint" | "environment" | "queue" | "variablegroup";
  readonly thing: Stored;
}

const kinds = {
  endpoint: { kind: "ServiceEndpointAzureRM", name: "serviceEndpointName", called: "connection" },
  environment: { kind: "Environment", name: "name", called: "environment" },
  variablegroup: { kind: "VariableGroup", name: "name", called: "variable group" },
} as const;

/** One that is named in the YAML; it must exist in the project. */
export function findUsed(
  world: World,
  projectId: unknown,
  type: keyof typeof kinds,
  name: string,
): Used {
  const { kind, name: property, called } = kinds[type];
  const found = things(world.state, kind).find(
    ({ properties }) => properties.projectId === projectId && properties[property] === name,
  );
  if (!found) throw new PipelineError(`there is no ${called} ${name} in the project`);
  return { type, thing: found };
}

/** Everything that a stage uses; it must be there before the stage starts. */
export function usedBy(world: World, projectId: unknown, pipeline: Pipeline, stage: Stage): Used[] {
  const used = new Map<string, Used>();
  const use = (type: keyof typeof kinds, name: string) =>
    used.set(`${type} ${name}`, findUsed(world, projectId, type, name));
  const variables = [pipeline, stage, ...stage.jobs].flatMap((scope) => scope.variables);
  for (const variable of variables) if ("group" in variable) use("variablegroup", variable.group);
  for (const job of stage.jobs) {
    if (job.environment !== undefined) use("environment", job.environment);
    for (const step of job.steps) {
      // A connection cannot be named by a variable: process/approvals, "Approvals and checks".
      const connection = "task" in step ? step.inputs.azureSubscription : undefined;
      if (connection !== undefined) use("endpoint", connection);
    }
  }
  return [...used.values()];
}

/** What of it nobody has opened to the pipeline; a run would wait for a person to do so. */
export function closedTo(world: World, pipelineId: string, used: readonly Used[]): Used[] {
  const opened = things(world.state, "PipelineAuthorization");
  return used.filter(
    ({ type, thing }) =>
      !opened.some(
        ({ properties }) =>
          properties.type === type &&
          String(properties.resourceId) === thing.id &&
          (properties.pipelineId === undefined || String(properties.pipelineId) === pipelineId),
      ),
  );
}

export function nameOf({ type, thing }: Used): string {
  const name = thing.properties.serviceEndpointName ?? thing.properties.name;
  return `${type === "endpoint" ? "connection" : type} ${String(name)}`;
}
