/** Where a flow can run. */
export const TARGETS = ["managed", "kubernetes", "webApp"] as const;

export type TargetName = (typeof TARGETS)[number];

/**
 * Longest time that one request may take. Online endpoints: DOC/how-to-manage-quotas.md, 300 seconds on a managed
 * one for a prompt flow model alone. Web App: the load balancer of App Service gives up after 230 seconds
 * (learn.microsoft.com/troubleshoot/azure/app-service/web-apps-performance-faqs).
 */
export const REQUEST_SECONDS: Readonly<Record<TargetName, number>> = {
  managed: 300,
  kubernetes: 300,
  webApp: 230,
};

/** A setting that a target cannot honour, in the three parts of a problem. */
export interface Shortfall {
  /** Path below the flow; `*` stands for the name of an arm. */
  readonly setting: string;
  /** Values that are refused. By default any. */
  readonly values?: readonly unknown[];
  readonly found: string;
  readonly allowed: string;
  readonly mend: string;
}

const ONE_MACHINE = "VM sizes are for managed endpoints";

/**
 * What each target cannot do. A flow that says nothing of these moves from one target to another by its
 * `target` alone. README.md shows the same as a table.
 */
export const SHORTFALLS: Readonly<Record<TargetName, readonly Shortfall[]>> = {
  managed: [],
  kubernetes: [
    {
      // DOC/how-to-authenticate-online-endpoint.md
      setting: "authentication",
      values: ["AADToken"],
      found: "a Kubernetes endpoint with AADToken",
      allowed: "AMLToken or Key; Entra tokens are for managed endpoints",
      mend: "remove the line to have AMLToken",
    },
    {
      // DOC/reference-yaml-endpoint-online.md, public_network_access
      setting: "publicAccess",
      found: "publicAccess of a Kubernetes endpoint",
      allowed: "the cluster's own network says who reaches it",
      mend: "remove the line",
    },
    {
      // DOC/how-to-safely-rollout-online-endpoints.md
      setting: "mirror",
      found: "a mirror of a Kubernetes endpoint",
      allowed: "requests are mirrored by managed endpoints alone",
      mend: "remove the block, or give the arm a small weight",
    },
    {
      // DOC/reference-yaml-deployment-kubernetes-online.md, instance_type
      setting: "arms.*.instance",
      found: "a VM size of a Kubernetes deployment",
      allowed: `instance types of the cluster; ${ONE_MACHINE}`,
      mend: "remove the line, and name an instance type in the flow's kubernetes.instanceType",
    },
    ...["rules", "schedule", "timeZone"].map((part) => ({
      // DOC/how-to-kubernetes-inference-routing-azureml-fe.md
      setting: `scale.${part}`,
      found: `scale.${part} of a Kubernetes endpoint`,
      allowed: "the cluster's router scales by busy containers alone",
      mend: "remove it; the flow's kubernetes.utilization says when containers are added",
    })),
  ],
  webApp: [
    {
      setting: "authentication",
      values: ["AMLToken", "Key"],
      found: "a Web App with tokens or keys of Azure Machine Learning",
      allowed: "AADToken",
      mend: "remove the line",
    },
    {
      setting: "mirror",
      found: "a mirror of a Web App",
      allowed: "requests are mirrored by managed endpoints alone",
      mend: "remove the block, or give the arm a small weight",
    },
    {
      setting: "arms.*.instance",
      found: "a VM size of a Web App's slot",
      allowed: `one plan carries all slots; ${ONE_MACHINE}`,
      mend: "remove the line",
    },
    {
      // learn.microsoft.com/troubleshoot/azure/app-service/web-apps-performance-faqs
      setting: "arms.*.requestTimeoutSeconds",
      found: "requestTimeoutSeconds of a Web App's slot",
      allowed: "App Service ends every request after 230 seconds, and none before",
      mend: "remove the line",
    },
    {
      setting: "arms.*.concurrentRequests",
      found: "concurrentRequests of a Web App's slot",
      allowed: "App Service hands over every request as it comes",
      mend: "remove the line; scale adds instances",
    },
  ],
};
