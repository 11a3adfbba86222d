import { resourceTokens } from "../../provider/tokens";
import { isObject, type Value, type Values } from "./model";

/** What a planned resource and one that stands have in common. */
export interface FlowResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
  readonly inputs: Values;
  /** What Azure answered, for one that stands. */
  readonly outputs?: Values;
  readonly id?: Value;
}

/** One flow as its resources declare it. */
export interface FlowView<R extends FlowResource = FlowResource> {
  readonly name: string;
  readonly endpoint: R;
  readonly settings?: R;
  /** In the order of the deployments' URNs. */
  readonly arms: readonly ArmView<R>[];
  readonly mirror?: { readonly arm: string; readonly percent: number };
}

export interface ArmView<R extends FlowResource = FlowResource> {
  readonly name: string;
  /** Percent of the requests; 0 where no settings name the arm. */
  readonly weight: number;
  readonly deployment: R;
}

export const ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint";
export const DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment";

/** Find the endpoints among resources, with the deployments and settings that name them. */
export function flowsIn<R extends FlowResource>(resources: Iterable<R>): FlowView<R>[] {
  const endpoints: R[] = [];
  const deployments: R[] = [];
  const settings: R[] = [];
  for (const resource of resources) {
    if (resource.type === ENDPOINT) endpoints.push(resource);
    else if (resource.type === DEPLOYMENT) deployments.push(resource);
    else if (resource.type === resourceTokens.endpointSettings) settings.push(resource);
  }
  const deploymentsBy = groupBy(deployments, ({ inputs }) => inputs["endpointName"]);
  const settingsBy = groupBy(settings, ({ inputs }) => inputs["endpoint"]);
  return endpoints.map((endpoint) => {
    const { urn, inputs, id } = endpoint;
    const own = [
      ...of(deploymentsBy, `\${${urn}.name}`),
      ...of(deploymentsBy, inputs["endpointName"]),
    ];
    const [routing] = [...of(settingsBy, `\${${urn}.id}`), ...of(settingsBy, id)];
    // What stands says how requests are routed now, also where somebody changed it by hand.
    const routed = { ...routing?.inputs, ...routing?.outputs };
    const weights = isObject(routed["weights"]) ? routed["weights"] : {};
    const mirror = isObject(routed["mirror"]) ? routed["mirror"] : undefined;
    return {
      name: endpoint.name,
      endpoint,
      settings: routing,
      arms: own.map((deployment) => {
        const name = String(deployment.inputs["deploymentName"] ?? deployment.name);
        return { name, weight: Number(weights[name] ?? 0), deployment };
      }),
      ...(mirror
        ? { mirror: { arm: String(mirror["arm"]), percent: Number(mirror["percent"]) } }
        : {}),
    };
  });
}

function groupBy<R>(resources: readonly R[], key: (resource: R) => Value | undefined) {
  const groups = new Map<string, R[]>();
  for (const resource of resources) {
    const name = String(key(resource));
    const group = groups.get(name);
    if (group) group.push(resource);
    else groups.set(name, [resource]);
  }
  return groups;
}

function of<R>(groups: ReadonlyMap<string, R[]>, key: Value | undefined): readonly R[] {
  return key === undefined || key === null ? [] : (groups.get(String(key)) ?? []);
}
