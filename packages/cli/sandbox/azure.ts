import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { builtInRoles } from "../../../config/roles";
import {
  type Sandbox,
  type ServerSettings,
  sandboxPerson,
  startSandbox,
} from "../../sandbox/server";
import { writeWhole } from "../experiment/files";
import { attachCluster, type ClusterPlace } from "./attachedCluster";
import { bootstrapState, type StatePlace } from "./bootstrapState";
import { isRunning } from "../lock";

/** Whose Azure is simulated. */
export interface Tenancy {
  readonly tenantId?: string | undefined;
  readonly subscriptionId: string;
  readonly location: string;
  /** Where Pulumi's state lies, which somebody made before. */
  readonly state?: StatePlace | undefined;
  /** A cluster that its owner attaches as soon as the workspace stands. */
  readonly cluster?: ClusterPlace | undefined;
}

/** Start the simulated Azure that lives in a sandbox's folder. */
export function startAzure(
  directory: string,
  { tenantId, subscriptionId, location, state, cluster }: Tenancy,
  settings: ServerSettings = {},
): Promise<Sandbox> {
  const stateFile = join(directory, "azure.json");
  if (state && tenantId) bootstrapState(stateFile, state, { subscriptionId, tenantId, location });
  if (cluster) attachCluster(stateFile, cluster);
  return startSandbox({
    stateFile,
    settings: {
      ...(tenantId ? { tenantId } : {}),
      // With Owner, what the person of a first `up` holds on the subscription: README, "Real Azure".
      grants: [
        {
          scope: `/subscriptions/${subscriptionId}`,
          role: builtInRoles["Storage Blob Data Contributor"],
          principalId: sandboxPerson.objectId,
        },
      ],
      ...settings,
    },
  });
}

/** A simulated Azure that another process keeps running. */
export interface ServedAzure {
  readonly process: number;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

const servedFile = (directory: string) => join(directory, "served.json");

/** The variables of a served Azure as a shell reads them. */
export const environmentFile = (directory: string): string => join(directory, "environment.sh");

/** Say that this process keeps the folder's Azure running; the returned function takes it back. */
export function announce(directory: string, served: Omit<ServedAzure, "process">): () => void {
  const lines = Object.entries(served.environment).map(([name, value]) => {
    const quoted = value.replaceAll("'", `'\\''`);
    return `export ${name}='${quoted}'\n`;
  });
  writeWhole(environmentFile(directory), lines);
  writeWhole(servedFile(directory), JSON.stringify({ process: process.pid, ...served }));
  return () => {
    for (const file of [environmentFile(directory), servedFile(directory)]) {
      rmSync(file, { force: true });
    }
  };
}

/** The Azure that another process keeps running for this folder, if there is one. */
export function servedAzure(directory: string): ServedAzure | undefined {
  const file = servedFile(directory);
  if (!existsSync(file)) return undefined;
  const served = JSON.parse(readFileSync(file, "utf8")) as ServedAzure;
  return isRunning(served.process) ? served : undefined;
}
