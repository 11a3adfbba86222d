import type { AzureState } from "../state";
import { viewAzure } from "./azureView";
import { defaultSettings, type DevOpsSettings, type DevOpsState } from "./state";
import type { World } from "./type";

/** An organisation over its state, signing in to a simulated Azure. */
export function worldOf(
  state: DevOpsState,
  azure: { state: AzureState; tenantId: string; principals?: readonly string[] },
  settings: DevOpsSettings = {},
): World {
  return {
    state,
    azure: viewAzure(azure.state, azure.tenantId, azure.principals),
    settings: { ...defaultSettings, ...settings },
  };
}
