import type { Edit } from "../repository";
import type { Wrong } from "./wrong";

const cluster: Edit = {
  from: "  network: open\n",
  to: "  network: open\n  kubernetes: { mode: existing, name: aks }\n",
};
const flow = (lines: string): Edit => ({
  from: "    web:\n",
  to: `    web:\n      target: kubernetes\n${lines}`,
});

/** Flows that say what their target cannot honour. */
export const targets: readonly Wrong[] = [
  {
    name: "unknown target",
    edits: [{ from: "    web:\n", to: "    web:\n      target: container\n" }],
    problems: [
      'Pulumi.dev.yaml:17:15  flows.web.target is "container"; one of managed, kubernetes, webApp; write one of "managed", "kubernetes", "webApp"',
    ],
  },
  {
    name: "Kubernetes without a cluster",
    edits: [flow("")],
    problems: [
      "Pulumi.dev.yaml:17:15  the flow web runs on Kubernetes and the stack has no cluster; a cluster that is attached to the workspace; add kubernetes: { mode: existing, name: <name of the attached compute> }",
    ],
  },
  {
    name: "managed endpoints' settings on Kubernetes",
    edits: [
      cluster,
      flow(
        "      authentication: AADToken\n      publicAccess: false\n      mirror: { arm: mini, percent: 10 }\n",
      ),
      {
        from: "blue: { version: 3, weight: 90 }",
        to: "blue: { version: 3, weight: 90, instance: Standard_DS2_v2 }\n        mini: { version: 3, weight: 0 }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:19:7  a Kubernetes endpoint with AADToken; AMLToken or Key; Entra tokens are for managed endpoints; remove the line to have AMLToken",
      "Pulumi.dev.yaml:20:7  publicAccess of a Kubernetes endpoint; the cluster's own network says who reaches it; remove the line",
      "Pulumi.dev.yaml:21:7  a mirror of a Kubernetes endpoint; requests are mirrored by managed endpoints alone; remove the block, or give the arm a small weight",
      "Pulumi.dev.yaml:23:41  a VM size of a Kubernetes deployment; instance types of the cluster; VM sizes are for managed endpoints; remove the line, and name an instance type in the flow's kubernetes.instanceType",
    ],
  },
  {
    name: "requests above limits",
    edits: [
      cluster,
      flow(
        "      kubernetes:\n        requests: { cpu: 1500m, memory: 2Gi }\n        limits: { cpu: '1', memory: 2047Mi, gpu: 1 }\n",
      ),
    ],
    problems: [
      "Pulumi.dev.yaml:20:26  1500m of cpu requested with a limit of 1; requests up to the limits; lower the request or raise limits.cpu",
      "Pulumi.dev.yaml:20:41  2Gi of memory requested with a limit of 2047Mi; requests up to the limits; lower the request or raise limits.memory",
    ],
  },
  {
    name: "limits alone",
    edits: [cluster, flow("      kubernetes:\n        limits: { gpu: 1 }\n")],
    problems: [
      "Pulumi.dev.yaml:20:9  limits without requests; cpu and memory of requests are required beside limits; add requests",
      "Pulumi.dev.yaml:20:19  GPUs without a limit of cpu; limits of cpu and memory beside GPUs; add limits.cpu",
      "Pulumi.dev.yaml:20:19  GPUs without a limit of memory; limits of cpu and memory beside GPUs; add limits.memory",
    ],
  },
  {
    name: "resources that are none, whatever the target",
    edits: [
      {
        from: "    web:\n",
        to: "    web:\n      kubernetes: { requests: { cpu: 1, memory: 0Gi } }\n",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:17:38  flows.web.kubernetes.requests.cpu is 1; cores in quotes, for example "500m" or "1.5"; correct "cpu"',
      'Pulumi.dev.yaml:17:49  flows.web.kubernetes.requests.memory is "0Gi"; an amount of memory, for example "2Gi" or "512Mi"; correct "memory"',
    ],
  },
];
