import { record } from "../../sandbox/monitor";
import type { RecordArgs, Recording, Registration } from "../../sandbox/recording";
import type { StackName } from "../../sandbox/urn";
import { fromWire, propertiesFromWire } from "./wire";
import type { Plan, PlannedResource, RecordedPlan, ResourceOptions } from "./model";

/** Run a program in this process and write down what it declares. Creates nothing anywhere. */
export async function recordPlan(program: () => unknown, args: RecordArgs): Promise<RecordedPlan> {
  return planOf(await record(program, args), args);
}

export function planOf(
  { registrations, outputs }: Recording,
  { project, stack }: StackName,
): RecordedPlan {
  const plan: Plan = {
    version: 1,
    project,
    stack,
    resources: registrations.map(planned).sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    outputs: propertiesFromWire(outputs),
  };
  return { plan, options: new Map(registrations.map((r) => [r.urn, optionsOf(r)])) };
}

function planned(registration: Registration): PlannedResource {
  const { urn, type, name, parent, inputs, protect, dependencies, readId } = registration;
  return {
    urn,
    type,
    name,
    parent: parent ?? null,
    inputs: propertiesFromWire(inputs),
    protect,
    dependsOn: [...dependencies].sort(),
    ...(readId === undefined ? {} : { read: true as const, id: fromWire(readId) }),
  };
}

function optionsOf(registration: Registration): ResourceOptions {
  const { ignoreChanges, replaceOnChanges, aliases, deletedWith, custom } = registration;
  return { ignoreChanges, replaceOnChanges, aliases, deletedWith, custom };
}
