import type { Settings } from "../config/settings";

/** What the one setting `network` means for each resource. */
export interface Isolation {
  readonly closed: boolean;
  readonly publicNetworkAccess: "Enabled" | "Disabled";
  /** Firewalls of storage, key vault, container registry and Azure OpenAI towards addresses they do not know. */
  readonly defaultAction: "Allow" | "Deny";
}

/**
 * `open`: public addresses, guarded by identities. `closed`: no public access, and a managed network
 * around the workspace that lets out what is approved alone.
 */
export function isolationOf(network: Settings["network"]): Isolation {
  const closed = network === "closed";
  return {
    closed,
    publicNetworkAccess: closed ? "Disabled" : "Enabled",
    defaultAction: closed ? "Deny" : "Allow",
  };
}
