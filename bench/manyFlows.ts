import type { Environment, Flow } from "../config/environment";

/**
 * An environment with the flows of a given one repeated under numbered names, until there are `count`. It
 * has no Azure DevOps: what it is measured beside has none.
 */
export function manyFlows(environment: Environment, count: number): Environment {
  const flows = Array.from({ length: count }, (_, index): Flow => {
    const flow = environment.flows[index % environment.flows.length] as Flow;
    const name = flowName(index + 1);
    return { ...flow, name, endpointName: `${name}-bench`, modelName: name.replace("-", "_") };
  });
  const settings = { ...environment.settings, devops: undefined };
  return { ...environment, settings, devOps: undefined, flows };
}

export function flowName(number: number): string {
  return `flow-${String(number).padStart(4, "0")}`;
}
