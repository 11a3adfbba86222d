import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { stackNames } from "../../config/stackFile";
import { orListing } from "../../config/suggest";
import { CommandError } from "./exit";

/** Environments with an overlay of the flow's experiment, sorted. */
export function overlaysOf(root: string, flow: string): string[] {
  const folder = path.join(root, "flows", flow);
  return (existsSync(folder) ? readdirSync(folder) : [])
    .flatMap((file) => /^experiment\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** Environments that have a stack or an overlay of one of the flows, sorted. */
export function environmentsOf(root: string, flows: readonly string[]): string[] {
  const overlays = flows.flatMap((flow) => overlaysOf(root, flow));
  return [...new Set([...stackNames(root), ...overlays])].sort();
}

/** Refuses an environment that has neither a stack nor an overlay of one of the flows. */
export function checkEnvironment(root: string, flows: readonly string[], env: string): void {
  const known = environmentsOf(root, flows);
  if (known.includes(env)) return;
  const mend = orListing(env, known, `add Pulumi.${env}.yaml or experiment.${env}.yaml`);
  throw new CommandError(`there is no environment ${JSON.stringify(env)}; ${mend}`);
}
