import type { Environment, Flow } from "../../config/environment";
import { orListing } from "../../config/suggest";
import { CommandError } from "./exit";

/** A flow of the environment by its name. Throws `CommandError` with those that there are. */
export function flowOf(environment: Environment, name: string): Flow {
  const flow = environment.flows.find((one) => one.name === name);
  if (flow !== undefined) return flow;
  const names = environment.flows.map((one) => one.name);
  throw new CommandError(
    `${environment.stack} has no flow ${JSON.stringify(name)}; ${orListing(name, names, "add it under flows in its stack file")}`,
  );
}
