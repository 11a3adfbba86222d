import * as pulumi from "@pulumi/pulumi";
import { requestDefaults, packageVersion } from "./package";
import { sealed } from "./secrets";
import type { Args, Outputs, Role, Roles, State } from "./shape";

/** What else a class needs to know about its properties. */
export interface ResourceTraits {
  /**
   * Where secrets lie among the inputs: `password`, `credentials.serviceprincipalkey`, or
   * `variables[].secretValue` for every element of a list. They leave the program as Pulumi secrets
   * even when the caller gave plain text.
   * @default - no input is secret by itself
   */
  readonly secrets?: readonly string[];
  /**
   * Type tokens that the class had in earlier releases of the public SDK.
   * @default - none
   */
  readonly formerTypes?: readonly string[];
}

/** The runtime description of a class, for those who check it or serve its type. */
export interface ResourceDescription extends ResourceTraits {
  readonly token: string;
  readonly roles: Readonly<Record<string, Role>>;
}

/** A resource class: what `new`, `get` and `isInstance` of the public SDK's classes take and give. */
export interface ResourceClass<Inputs, Answers> {
  new (
    name: string,
    ...rest: object extends Inputs
      ? [args?: Args<Inputs>, opts?: pulumi.CustomResourceOptions]
      : [args: Args<Inputs>, opts?: pulumi.CustomResourceOptions]
  ): pulumi.CustomResource & Outputs<Inputs, Answers>;
  /** Reads the resource that already exists under `id`, without taking it over. */
  get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: State<Inputs, Answers>,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & Outputs<Inputs, Answers>;
  /** Tells by its type token whether a value is such a resource, also across copies of the SDK. */
  isInstance(value: unknown): value is pulumi.CustomResource & Outputs<Inputs, Answers>;
  /** @internal */
  readonly __pulumiType: string;
  /** @internal */
  readonly description: ResourceDescription;
}

type Bag = Record<string, unknown>;

/** Inputs for a resource that this program declares. */
function declaredInputs({ roles, secrets }: ResourceDescription, args: Bag, urn?: string): Bag {
  const inputs: Bag = {};
  for (const [property, role] of Object.entries(roles)) {
    if (role === "required" && args[property] === undefined && !urn) {
      throw new Error(`Missing required property '${property}'`);
    }
    inputs[property] = role === "computed" ? undefined : args[property];
  }
  return sealed(inputs, secrets ?? []);
}

/** Inputs for a resource that is read by its id: whatever state the caller knows, computed or not. */
function knownState({ roles }: ResourceDescription, state: Bag): Bag {
  return Object.fromEntries(Object.keys(roles).map((property) => [property, state[property]]));
}

/**
 * Makes the class of one resource type.
 *
 * @param type module and name as in the public schema, `project:Project`
 * @param roles the role of every property
 */
export function resourceClass<Inputs, Answers = unknown>(
  type: string,
  roles: Roles<Inputs, Answers>,
  traits: ResourceTraits = {},
): ResourceClass<Inputs, Answers> {
  const token = `azuredevops:index/${type}`;
  const description: ResourceDescription = { token, roles, ...traits };
  const secretOutputs = (traits.secrets ?? []).filter((path) => !/[.[]/.test(path));

  class AzureDevOpsResource extends pulumi.CustomResource {
    static readonly __pulumiType = token;
    static readonly description = description;

    static get(
      name: string,
      id: pulumi.Input<pulumi.ID>,
      state?: Bag,
      opts?: pulumi.CustomResourceOptions,
    ): AzureDevOpsResource {
      return new this(name, state, { ...opts, id });
    }

    static override isInstance(value: unknown): value is AzureDevOpsResource {
      return (value as { __pulumiType?: string } | null | undefined)?.__pulumiType === token;
    }

    constructor(name: string, args: Bag = {}, opts: pulumi.CustomResourceOptions = {}) {
      const inputs = opts.id
        ? knownState(description, args)
        : declaredInputs(description, args, opts.urn);
      const options = pulumi.mergeOptions(requestDefaults(), opts);
      super(
        token,
        name,
        inputs,
        pulumi.mergeOptions(options, {
          additionalSecretOutputs: secretOutputs,
          aliases: (traits.formerTypes ?? []).map((former) => ({ type: former })),
        }),
      );
    }
  }

  pulumi.runtime.registerResourceModule("azuredevops", token.split(":")[1] ?? "", {
    version: packageVersion,
    construct: (name, _type, urn) => new AzureDevOpsResource(name, undefined, { urn }),
  });
  return AzureDevOpsResource as unknown as ResourceClass<Inputs, Answers>;
}
