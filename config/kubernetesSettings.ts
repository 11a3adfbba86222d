import { z } from "zod";
import { byName, count, whole } from "./fields";
import type { PlacedFault } from "./weights";

/** The parts of `Pulumi.<env>.yaml` that speak of Kubernetes. */

export const kubernetes = z
  .strictObject(byName)
  .optional()
  .describe(
    "Kubernetes cluster that is attached to the workspace, by the name of its compute. By default none.",
  );

/** DOC/how-to-manage-kubernetes-instance-types.md, Resource section validation */
const cpu = z
  .string({ error: 'cores in quotes, for example "500m" or "1.5"' })
  .regex(/^(?=.*[1-9])(\d+m|\d+(\.\d+)?)$/, {
    error: 'cores in quotes, for example "500m" or "1.5"',
  })
  .describe('Cores, in quotes: "500m" is half a core.');
const memory = z
  .string({ error: 'an amount of memory, for example "2Gi" or "512Mi"' })
  .regex(/^(?=.*[1-9])\d+(\.\d+)?(Mi|Gi|Ti|M|G|T)$/, {
    error: 'an amount of memory, for example "2Gi" or "512Mi"',
  })
  .describe("Memory, for example 2Gi.");

export const kubernetesFlow = z
  .strictObject({
    instanceType: z
      .string()
      .regex(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/, {
        error: "the name of an instance type of the cluster: lower-case letters, digits, hyphens",
      })
      .optional()
      .describe(
        "Instance type of the cluster. By default its defaultinstancetype, of 2 cores and 8 GiB unless the cluster defines it.",
      ),
    utilization: whole(1, 100)
      .default(70)
      .describe("Where `scale` is set: percent of busy containers above which more are started."),
    requests: z
      .strictObject({ cpu, memory })
      .optional()
      .describe("What each container is granted. By default what the instance type grants."),
    limits: z
      .strictObject({
        cpu: cpu.optional(),
        memory: memory.optional(),
        gpu: count().optional().describe("NVIDIA GPUs; cpu and memory must then be limited too."),
      })
      .optional()
      .describe("What each container never exceeds. By default what the instance type allows."),
  })
  .prefault({})
  .describe("What the flow's containers get where `target` is kubernetes; else unused.");

export type KubernetesFlowSettings = z.output<typeof kubernetesFlow>;

/** Rules between requests and limits: DOC/how-to-manage-kubernetes-instance-types.md, Resource section validation */
export function resourceFaults({ requests, limits }: KubernetesFlowSettings): PlacedFault[] {
  const faults: PlacedFault[] = [];
  if (limits !== undefined && requests === undefined) {
    faults.push({
      at: ["kubernetes", "limits"],
      on: "key",
      fault: {
        found: "limits without requests",
        allowed: "cpu and memory of requests are required beside limits",
        mend: "add requests",
      },
    });
  }
  for (const kind of ["cpu", "memory"] as const) {
    const [asked, most] = [requests?.[kind], limits?.[kind]];
    if (asked !== undefined && most !== undefined && amount(asked) > amount(most)) {
      faults.push({
        at: ["kubernetes", "requests", kind],
        fault: {
          found: `${asked} of ${kind} requested with a limit of ${most}`,
          allowed: "requests up to the limits",
          mend: `lower the request or raise limits.${kind}`,
        },
      });
    }
    if (limits?.gpu !== undefined && most === undefined) {
      faults.push({
        at: ["kubernetes", "limits", "gpu"],
        on: "key",
        fault: {
          found: `GPUs without a limit of ${kind}`,
          allowed: "limits of cpu and memory beside GPUs",
          mend: `add limits.${kind}`,
        },
      });
    }
  }
  return faults;
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity of Kubernetes as a number: cores, or bytes. */
function amount(quantity: string): number {
  const [, number, unit] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) as unknown as string[];
  return Number(number) * (UNITS[unit as string] ?? 1);
}
