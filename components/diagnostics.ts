import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";

/** What a resource sends to Log Analytics: a group of log categories, or categories by name. */
export type Logs =
  { readonly group: "audit" | "allLogs" } | { readonly categories: readonly string[] };

export interface DiagnosticsArgs {
  /** Required. ARM id of the Log Analytics workspace. */
  readonly logAnalytics: pulumi.Input<string>;
  /** Required. ARM id of the resource that sends. */
  readonly resource: pulumi.Input<string>;
  /** Required. */
  readonly logs: Logs;
  /** Optional. @default no metrics are sent; Azure keeps them for 93 days anyway. */
  readonly metrics?: boolean;
}

/** Send a resource's logs to Log Analytics. One setting a resource, whatever it sends. */
export function sendLogs(
  name: string,
  { logAnalytics, resource, logs, metrics }: DiagnosticsArgs,
  opts: pulumi.CustomResourceOptions,
): monitor.DiagnosticSetting {
  return new monitor.DiagnosticSetting(
    name,
    {
      name: "to-log-analytics",
      resourceUri: resource,
      workspaceId: logAnalytics,
      logs:
        "group" in logs
          ? [{ categoryGroup: logs.group, enabled: true }]
          : logs.categories.map((category) => ({ category, enabled: true })),
      ...(metrics ? { metrics: [{ category: "AllMetrics", enabled: true }] } : {}),
    },
    opts,
  );
}
