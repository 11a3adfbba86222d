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
  /** In the order of the deployments' URNs, a production slot first. */
  readonly arms: readonly ArmView<R>[];
  readonly mirror?: { readonly arm: string; readonly percent: number };
}

export interface ArmView<R extends FlowResource = FlowResource> {
  readonly name: string;
  /** Percent of the requests; 0 where no settings name the arm. */
  readonly weight: number;
  /** Of an app's production slot it is the app's settings, which alone change what runs there. */
  readonly deployment: R;
}

export const ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint";
export const DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment";
const SITE = "azure-native:web:WebApp";
const SLOT = "azure-native:web:WebAppSlot";

/** Whether requests to a flow end at such a resource. */
export const isEndpoint = (type: string): boolean => type === ENDPOINT || type === SITE;
/** Whether such a resource is an arm; the arm in an app's production slot is no resource of its own. */
export const isArm = (type: string): boolean => type === DEPLOYMENT || type === SLOT;

/** Find the endpoints and apps among resources, with the arms and settings that name them. */
export function flowsIn<R extends FlowResource>(resources: Iterable<R>): FlowView<R>[] {
  const endpoints: R[] = [];
  const arms: R[] = [];
  const settings: R[] = [];
  for (const resource of resources) {
    if (isEndpoint(resource.type)) endpoints.push(resource);
    else if (isArm(resource.type)) arms.push(resource);
    else if (routes(resource)) settings.push(resource);
  }
  const armsBy = groupBy(arms, ({ inputs }) => inputs["endpointName"] ?? inputs["name"]);
  const settingsBy = groupBy(settings, ({ inputs }) => inputs["endpoint"] ?? inputs["site"]);
  return endpoints.map((endpoint) => {
    const { urn, inputs, id } = endpoint;
    const own = [
      ...of(armsBy, `\${${urn}.name}`),
      ...of(armsBy, inputs["endpointName"] ?? inputs["name"]),
    ];
    const [routing] = [...of(settingsBy, `\${${urn}.id}`), ...of(settingsBy, id)];
    // What stands says how requests are routed now, also where somebody changed it by hand.
    const routed = { ...routing?.inputs, ...routing?.outputs };
    const weights = isObject(routed["weights"]) ? routed["weights"] : {};
    const mirror = isObject(routed["mirror"]) ? routed["mirror"] : undefined;
    const production = routing?.type === resourceTokens.webAppSettings ? [routing] : [];
    return {
      name: endpoint.name,
      endpoint,
      settings: routing,
      arms: [...production, ...own].map((deployment) => {
        const name = armName(deployment);
        return { name, weight: Number(weights[name] ?? 0), deployment };
      }),
      ...(mirror
        ? { mirror: { arm: String(mirror["arm"]), percent: Number(mirror["percent"]) } }
        : {}),
    };
  });
}

function routes({ type }: FlowResource): boolean {
  return type === resourceTokens.endpointSettings || type === resourceTokens.webAppSettings;
}

function armName({ name, inputs }: FlowResource): string {
  return String(inputs["deploymentName"] ?? inputs["slot"] ?? inputs["production"] ?? name);
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
