import type { Environment, Flow } from "../config/environment";
import { identityName } from "../config/names";
import { Identity } from "./identity";
import type { Place } from "./place";
import type { Roles } from "./roles";

/** The identities that stand before everything they use. */
export interface Identities {
  /** The workspace's; absent where the workspace is adopted and has its own. */
  readonly workspace?: Identity;
  /** That of jobs, on the stack's cluster or serverless; absent where cluster or workspace are adopted with theirs. */
  readonly compute?: Identity;
  /** Every endpoint identity, each once, with the flows that run as it. */
  readonly endpoints: readonly { readonly identity: Identity; readonly flows: readonly Flow[] }[];
  /** The identity that a flow's endpoint runs as. */
  ofFlow(flow: string): Identity;
}

/** One identity for the workspace, and one for each flow's endpoint or one for all, as the settings say. */
export function createIdentities(environment: Environment, place: Place, roles: Roles): Identities {
  const { settings, names, flows } = environment;
  const create = (name: string, azureName: string) =>
    new Identity(name, { place, identityName: azureName, roles });

  const workspace =
    settings.workspace.mode === "create"
      ? create("workspace-identity", names.workspaceIdentity)
      : undefined;
  const holder = settings.compute ?? settings.workspace;
  const compute =
    holder.mode === "create" ? create("compute-identity", names.computeIdentity) : undefined;
  if (settings.endpointIdentity === "shared") {
    const shared = create("endpoint-identity", names.endpointIdentity);
    return { workspace, compute, endpoints: [{ identity: shared, flows }], ofFlow: () => shared };
  }
  const byFlow = new Map(
    flows.map((flow) => {
      const { name } = flow;
      const azureName = identityName({ ...environment, suffix: settings.suffix, flow: name });
      const identity = create(`endpoint-identity.${name}`, azureName);
      return [name, { identity, flows: [flow] }];
    }),
  );
  return {
    workspace,
    compute,
    endpoints: [...byFlow.values()],
    ofFlow: (flow) => byFlow.get(flow)?.identity as Identity,
  };
}
