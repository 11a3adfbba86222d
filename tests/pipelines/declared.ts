import { create, isRefusal } from "../../packages/sandbox/devops/devops";
import { invoke } from "../../packages/sandbox/devops/lookups";
import { emptyDevOps, type DevOpsSettings } from "../../packages/sandbox/devops/state";
import type { World } from "../../packages/sandbox/devops/type";
import { worldOf } from "../../packages/sandbox/devops/world";
import { guid } from "../../packages/sandbox/ids";
import type { Json } from "../../packages/sandbox/paths";
import type { AzureState } from "../../packages/sandbox/state";

/** The organisation as plans declare it, made of them in the simulated Azure DevOps. */

export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Json;
}
export interface Plan {
  readonly stack: string;
  readonly resources: readonly PlannedResource[];
}

const tenantId = "22222222-2222-4222-8222-222222222222";
const identityType = "azure-native:managedidentity:UserAssignedIdentity";
const trustType = "azure-native:managedidentity:FederatedIdentityCredential";

/** Rights within the organisation; no pipeline looks at those of the deployer. */
const left = /Permissions$|:SecurityroleAssignment$|:ServicePrincipalEntitlement$/;

/** What a job's token may write, and where people may begin branches. */
const KEPT = /::(devops-repository\.comments|devops-contributors\..+)$/;

/** Makes what the plans declare, one plan after the other, and fails on the first refusal. */
export function organisationOf(plans: readonly Plan[], settings: DevOpsSettings): World {
  const azure: AzureState = { resources: {}, deleted: {}, operations: {}, writes: 0 };
  const world = worldOf(emptyDevOps(), { state: azure, tenantId }, settings);
  for (const { resources } of plans) new Applied(world, azure).apply(resources);
  return world;
}

class Applied {
  readonly #outputs = new Map<string, Json>();

  constructor(
    private readonly world: World,
    private readonly azure: AzureState,
  ) {}

  apply(resources: readonly PlannedResource[]): void {
    const relevant = resources.filter(
      ({ type, urn }) =>
        [identityType, trustType].includes(type) ||
        (type.startsWith("azuredevops:") && (!left.test(type) || KEPT.test(urn))),
    );
    const urns = new Set(relevant.map(({ urn }) => urn));
    // Branch policies refuse what seeds a repository, and a pipeline's policies name the pipeline: what a
    // resource refers to is made first.
    let waiting = [...relevant];
    while (waiting.length > 0) {
      const ready = waiting.filter((resource) =>
        referencesOf(resource.inputs).every((urn) => !urns.has(urn) || this.#outputs.has(urn)),
      );
      if (ready.length === 0) throw new Error(`nothing can be made of ${waiting[0]?.urn}`);
      for (const resource of ready) this.#make(resource);
      waiting = waiting.filter((resource) => !ready.includes(resource));
    }
  }

  #make({ urn, type, inputs }: PlannedResource): void {
    const resolved = this.#resolve(inputs) as Json;
    if (type === identityType) {
      this.#outputs.set(urn, this.#identity(urn, resolved));
      return;
    }
    if (type === trustType) {
      const id = `${identityId(resolved)}/federatedIdentityCredentials/devops`;
      this.azure.resources[id.toLowerCase()] = {
        token: type,
        id,
        body: { id, properties: resolved },
      };
      this.#outputs.set(urn, {});
      return;
    }
    const made = create(this.world, type, numbers(type, resolved));
    if (isRefusal(made)) throw new Error(`${urn} is refused: ${made.message}`);
    this.#outputs.set(urn, { ...made.outputs, id: made.id });
  }

  #identity(urn: string, inputs: Json): Json {
    const id = identityId(inputs);
    const outputs = {
      clientId: guid("client", urn),
      principalId: guid("principal", urn),
      name: inputs.resourceName,
    };
    this.azure.resources[id.toLowerCase()] = {
      token: identityType,
      id,
      body: { id, properties: outputs },
    };
    return outputs;
  }

  #resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, this.#resolve(item)]),
      );
    return typeof value === "string" ? this.#text(value) : value;
  }

  /** References innermost first, since a look-up names another one. */
  #text(text: string): string {
    const replaced = text.replace(/\$\{([^${}]*(?:\$(?!\{)[^${}]*)*)\}/, (_, reference: string) =>
      this.#reference(reference),
    );
    return replaced === text ? text : this.#text(replaced);
  }

  #reference(reference: string): string {
    const [, name, first, second, result = ""] =
      /^(\w+)\(([^,)]*)(?:, ([^)]*))?\)\.(\S+)$/.exec(reference) ?? [];
    if (name !== undefined) return this.#lookUp(name, result, String(first), second);
    const [, urn = "", path = ""] = /^(urn:.*)\.(\w+)$/.exec(reference) ?? [];
    const outputs = this.#outputs.get(urn);
    // What Azure computes of other resources, such as a workspace's name, is any text here.
    if (!outputs) return `made-up ${path}`;
    return String(outputs[path]);
  }

  #lookUp(name: string, result: string, first: string, second?: string): string {
    const args: Readonly<Record<string, () => Json>> = {
      getProject: () => ({ name: first }),
      getGitRepository: () => ({ name: first, projectId: second }),
      getIdentityUsers: () => ({ name: first, searchFilter: second }),
      getGroup: () => ({ name: first, projectId: second }),
      getUsers: () => ({
        principalName: first,
        subjectTypes: JSON.parse(String(second)) as string[],
      }),
    };
    const found = invoke(this.world, `azuredevops:index/${name}:${name}`, args[name]?.() ?? {});
    if (isRefusal(found)) throw new Error(`${name}(${first}) finds nothing: ${found.message}`);
    // `id`, or `users[0].descriptor`.
    const steps = result.split(/[.[\]]+/);
    return String(steps.reduce<unknown>((value, step) => (value as Json)[step], found));
  }
}

/** Every service of Azure has ids that are paths; this one only has to be stable. */
function identityId({ resourceName }: Json): string {
  return `/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${String(resourceName)}`;
}

function referencesOf(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\$\{(urn:[^{}]*?)\.\w+\}/g)].map(
    ([, urn = ""]) => urn,
  );
}

/** Ids that are numbers for the provider stand in a plan as texts. */
function numbers(type: string, inputs: Json): Json {
  const number = (owner: Json, name: string) =>
    owner[name] === undefined ? {} : { [name]: Number(owner[name]) };
  if (type.endsWith(":BranchPolicyBuildValidation")) {
    const settings = inputs.settings as Json;
    return { ...inputs, settings: { ...settings, ...number(settings, "buildDefinitionId") } };
  }
  if (type.endsWith(":BuildDefinition") && inputs.variableGroups)
    return { ...inputs, variableGroups: (inputs.variableGroups as unknown[]).map(Number) };
  if (type.endsWith(":PipelineAuthorization"))
    return { ...inputs, ...number(inputs, "pipelineId") };
  return type.endsWith(":Queue") ? { ...inputs, ...number(inputs, "agentPoolId") } : inputs;
}
