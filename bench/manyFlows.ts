import type { Environment, Flow } from "../config/environment";

/** An environment with the flows of a given one repeated under numbered names, until there are `count`. */
export function manyFlows(environment: Environment, count: number): Environment {
  const flows = Array.from({ length: count }, (_, index): Flow => {
    const flow = environment.flows[index % environment.flows.length] as Flow;
    const number = String(index + 1).padStart(4, "0");
    return {
      ...flow,
      name: `flow-${number}`,
      endpointName: `flow-${number}-bench`,
      modelName: `flow_${number}`,
    };
  });
  return { ...environment, flows };
}
