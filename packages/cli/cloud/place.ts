import type { Environment } from "../../../config/environment";
import { readEnvironment } from "../../../config/read";
import { orListing } from "../../../config/suggest";
import { cloudFromEnvironment } from "../../provider/cloud";
import type { Json } from "../../provider/resourceManager";
import { ResourceManager } from "../../provider/resourceManager";
import { CommandError, EXIT } from "../exit";
import { openWorkspace } from "../openWorkspace";
import type { OpenWorkspace } from "../openWorkspace";
import type { JobCompute } from "./job";

/** Where the jobs of one flow run: all of it stands in Azure before. */
export interface JobPlace {
  readonly environmentId: string;
  readonly compute: JobCompute;
  readonly clientId: string;
}

/** A stack's Azure, for experiments. */
export interface CloudStack {
  readonly azure: ResourceManager;
  readonly environment: Environment;
  readonly workspace: OpenWorkspace;
}

/** The stack of an environment. Throws what is wrong with its settings, or that its workspace does not stand. */
export async function openStack(root: string, env: string): Promise<CloudStack> {
  const environment = readEnvironment({ root, stack: env });
  const azure = new ResourceManager(cloudFromEnvironment());
  return { azure, environment, workspace: await openWorkspace(azure, environment) };
}

/** Size of a serverless node: DOC/how-to-use-serverless-compute.md. A flow waits for its model most of the time. */
const SERVERLESS = "Standard_DS3_v2";

/** The version of Microsoft.ManagedIdentity that has the client id. */
const IDENTITY_VERSION = "2023-01-31";

export async function jobPlace(stack: CloudStack, flow: string): Promise<JobPlace> {
  return {
    environmentId: await environmentId(stack, imageOf(stack.environment, flow)),
    ...(await compute(stack)),
  };
}

/** The image that the flow is served from; the one that new arms take, for a flow without an endpoint. */
function imageOf({ flows, settings, stack }: Environment, flow: string): string {
  const arms = flows.find(({ name }) => name === flow)?.arms ?? [];
  const images = [...new Set(arms.map(({ image }) => image))];
  const [image = settings.armDefaults.image] = images;
  if (images.length <= 1 && image !== undefined) return image;
  throw new CommandError(
    images.length > 1
      ? `the arms of ${flow} in ${stack} have the images ${images.join(", ")}; a job runs in one: give them one image, or run with --local`
      : `${stack} says no image for ${flow}; ${orListing("", Object.keys(settings.images), "add one under images")} as armDefaults.image of Pulumi.${stack}.yaml`,
  );
}

async function environmentId({ azure, workspace, environment }: CloudStack, image: string) {
  const versions = await azure.list(`${workspace.id}/environments/${image}/versions`, {});
  const created = (version: Json) =>
    String((version["systemData"] as { createdAt?: string } | undefined)?.createdAt ?? "");
  const newest = versions.toSorted((a, b) => (created(a) < created(b) ? -1 : 1)).at(-1);
  if (newest !== undefined) return String(newest["id"]);
  throw new CommandError(
    `the workspace has no environment ${image}, which the stack makes with its image; update it: pulumi up --stack ${environment.stack}`,
    EXIT.failed,
  );
}

async function compute(stack: CloudStack): Promise<Pick<JobPlace, "compute" | "clientId">> {
  const { azure, workspace, environment } = stack;
  const { settings, names } = environment;
  if (settings.compute === undefined) {
    const identity = `${workspace.groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${names.computeIdentity}`;
    return {
      compute: { instanceType: SERVERLESS },
      clientId: await clientId(stack, identity),
    };
  }
  const computeId = `${workspace.id}/computes/${names.compute}`;
  const cluster = await azure.get(computeId);
  if (cluster === undefined) {
    throw new CommandError(
      `the workspace has no compute ${names.compute}; make it with: pulumi up --stack ${environment.stack}`,
      EXIT.failed,
    );
  }
  const { userAssignedIdentities = {} } = (cluster.body["identity"] ?? {}) as {
    userAssignedIdentities?: Record<string, unknown>;
  };
  const [identity, ...more] = Object.keys(userAssignedIdentities);
  if (identity === undefined || more.length > 0) {
    throw new CommandError(
      `the compute ${names.compute} has ${more.length + (identity === undefined ? 0 : 1)} user-assigned identities; a job runs as the one that it has`,
      EXIT.failed,
    );
  }
  return { compute: { computeId }, clientId: await clientId(stack, identity) };
}

async function clientId({ azure, environment: { stack } }: CloudStack, id: string) {
  const identity = await azure.get(id, {}, IDENTITY_VERSION);
  const found = (identity?.body["properties"] as { clientId?: string } | undefined)?.clientId;
  if (found !== undefined) return found;
  throw new CommandError(
    `there is no identity ${id}, which jobs run as; make it with: pulumi up --stack ${stack}`,
    EXIT.failed,
  );
}
