import { secretsOf } from "../secrets";
import type { DevOpsArgs, DevOpsOutputs } from "./devops";

/** Declares the DevOps half where the settings have one; its SDK is loaded for nobody else. */
export async function loadDevOps(
  args: Omit<DevOpsArgs, "settings" | "devOps" | "secret">,
): Promise<DevOpsOutputs | undefined> {
  const { project, settings, devOps } = args.environment;
  if (settings.devops === undefined || devOps === undefined) return undefined;
  const { createDevOps } = require("./devops") as typeof import("./devops");
  return createDevOps({ ...args, settings: settings.devops, devOps, secret: secretsOf(project) });
}
