import { existsSync, readFileSync } from "node:fs";
import { approvedVersions } from "../../provider/approvedVersions";
import { promotedVersions } from "../../provider/promotedVersions";
import type { ResourceManager } from "../../provider/resourceManager";
import { Azure } from "../../sandbox/azure";
import type { SandboxState } from "../../sandbox/server/stateFile";
import { CommandError } from "../exit";
import type { Versions } from "./answers";

/** Versions as they stand in the state file of a sandbox, found by the provider's own rule. */
export function sandboxApprovals(file: string): Versions {
  const azure = new Azure(readState(file).azure);
  const get = (path: string, query: Record<string, string> = {}) => {
    const parameters = new URLSearchParams({ ...query, "api-version": "2025-12-01" });
    const { status, body } = azure.request({ method: "GET", path: `${path}?${parameters}` });
    return status === 200 ? (body as Record<string, unknown>) : undefined;
  };
  const reader: Pick<ResourceManager, "get" | "list"> = {
    get: async (id) => {
      const body = get(id);
      return body && { body, etag: undefined };
    },
    list: async (id, query) => (get(id, query)?.["value"] ?? []) as Record<string, unknown>[],
  };
  return {
    approved: async (args) => (await approvedVersions(reader as ResourceManager, args)).versions,
    promoted: async (args) => (await promotedVersions(reader, args)).arms,
  };
}

function readState(file: string): SandboxState {
  const wanted =
    "--versions takes the state of a sandbox, .sandbox/azure.json; run `npm run sandbox -- up`";
  if (!existsSync(file)) throw new CommandError(`${file}  does not exist; ${wanted}`);
  let state: Partial<SandboxState> | null;
  try {
    state = JSON.parse(readFileSync(file, "utf8")) as Partial<SandboxState> | null;
  } catch (error) {
    throw new CommandError(`${file}  ${(error as Error).message}; ${wanted}`);
  }
  if (!state?.azure?.resources)
    throw new CommandError(`${file}  holds no simulated Azure; ${wanted}`);
  return state as SandboxState;
}
