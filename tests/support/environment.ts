import { devOpsNames } from "../../config/devopsNames";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type {
  Arm,
  DevOpsPlace,
  Environment,
  Flow,
  KubernetesTarget,
  WebAppTarget,
} from "../../config/environment";
import { composeNames, endpointName } from "../../config/names";
import { settingsSchema } from "../../config/settings";

/** Settings as they stand in a stack's file, flows apart. */
export type SettingsText = Record<string, unknown>;

/** A flow of two arms with fixed versions. */
export function someFlow(name: string, change: Partial<Flow> = {}): Flow {
  return {
    name,
    folder: `flows/${name}`,
    experiment: {
      name: name.replace(/-/g, "_"),
      flow: `flows/${name}`,
      connections: [],
      datasets: [],
      evaluators: [],
    } as unknown as Flow["experiment"],
    target: { name: "managed" },
    endpointName: endpointName({ ...parts, stack: "dev", flow: name }),
    modelName: `${name.replace(/-/g, "_")}_dev`,
    authentication: "AADToken",
    publicAccess: true,
    arms: [
      someArm("blue", { version: 3, weight: 90 }),
      someArm("green", { version: 4, weight: 10 }),
    ],
    ...change,
  };
}

/** The same flow where its target is Kubernetes. */
export function onKubernetes(flow: Flow, target: Partial<KubernetesTarget> = {}): Flow {
  return {
    ...flow,
    target: { name: "kubernetes", utilization: 70, ...target },
    endpointName: endpointName({ ...parts, stack: "dev", flow: flow.name, target: "kubernetes" }),
    authentication: "AMLToken",
    publicAccess: undefined,
  };
}

/** A cluster for flows on Kubernetes. */
export const cluster = { kubernetes: { mode: "existing", name: "aks-flows" } };

export function someArm(name: string, change: Partial<Arm> = {}): Arm {
  return {
    name,
    version: 1,
    weight: 0,
    environment: {},
    image: "serve",
    holdsFlow: false,
    instance: "Standard_DS3_v2",
    instances: 1,
    requestTimeoutSeconds: 90,
    concurrentRequests: 1,
    ...change,
  };
}

/** The environment `dev`, as the checks would have let it through. */
export function someEnvironment(
  settings: SettingsText = {},
  flows: readonly Flow[] = [someFlow("web")],
): Environment {
  const parsed = settingsSchema.parse({
    network: "open",
    images: { serve: { digest: `registry.example/serve@sha256:${"a".repeat(64)}` } },
    ...settings,
  });
  return {
    ...parts,
    stack: "dev",
    root: process.cwd(),
    tenantId: "22222222-2222-4222-8222-222222222222",
    location: "swedencentral",
    settings: parsed,
    names: composeNames({ ...parts, stack: "dev", suffix: parsed.suffix, settings: parsed }),
    ...(parsed.devops ? { devOps: someDevOps(parsed.devops) } : {}),
    flows,
    notices: [],
  };
}

/** What the reader makes of the block `devops`. */
function someDevOps(settings: DevOpsSettings): DevOpsPlace {
  return {
    organisation: "https://dev.azure.com/contoso",
    names: devOpsNames("dev"),
    approvers: settings.approval?.approvers ?? [],
    seed: settings.repository.seed ?? [],
  };
}

const parts = {
  project: "genaiops-platform",
  subscriptionId: "11111111-1111-4111-8111-111111111111",
};

/** An Entra registration for flows on Web Apps. */
export const registration = { webApp: { clientId: "33333333-3333-4333-8333-333333333333" } };

/** The same flow as the reader makes it where its target is a Web App. */
export function onWebApp(flow: Flow, target: Partial<Omit<WebAppTarget, "name">> = {}): Flow {
  return {
    ...flow,
    target: { name: "webApp", sku: "P0v3", ...target },
    endpointName: endpointName({ ...parts, stack: "dev", flow: flow.name, target: "webApp" }),
  };
}
