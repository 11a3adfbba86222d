import { type PropertyChange, propertyChanges } from "../../provider/propertyChanges";
import {
  type CheckRequest,
  type Diff,
  type Failure,
  isUnknown,
  type Properties,
  type Provider,
  type ReadResult,
  unknown,
} from "../../provider/serve";
import { PartialFailure, UserError } from "../../provider/userError";
import { checkInputs } from "../check";
import { lastName } from "../ids";
import { schema } from "../schema";
import {
  apiVersion,
  computedOutputs,
  replaceReasons,
  toBody,
  toInputs,
  toOutputs,
  toPath,
} from "../translate";
import { typeOf } from "../types/table";
import { Connection } from "./connection";
import { withoutNulls, within, withUnknownAt } from "./values";

/**
 * azure-native as far as the sandbox knows types, with the real one's rules (pulumi-azure-native,
 * provider/pkg/provider/provider.go): a create refuses what exists, an update is a PUT of the inputs alone,
 * a refresh carries live changes into the inputs, and a replacement deletes first.
 */
class AzureNative implements Provider {
  readonly name = "azure-native";
  readonly version = "3.28.0";
  private subscriptionId = process.env.ARM_SUBSCRIPTION_ID ?? "";
  private location?: string;
  private readonly connection = new Connection();

  async configure(config: Properties): Promise<void> {
    if (typeof config.subscriptionId === "string") this.subscriptionId = config.subscriptionId;
    if (typeof config.location === "string") this.location = config.location;
    if (this.subscriptionId === "") {
      throw new UserError(
        "azure-native:subscriptionId is not set; set it with: pulumi config set azure-native:subscriptionId <id>",
      );
    }
    const { tid } = await this.connection.claims();
    if (typeof config.tenantId === "string" && config.tenantId !== tid) {
      throw new UserError(
        `azure-native:tenantId is ${config.tenantId}, but the login is for tenant ${tid}`,
      );
    }
  }

  async check({
    type,
    oldInputs,
    inputs: given,
  }: CheckRequest): Promise<{ inputs: Properties; failures: Failure[] }> {
    const { azureApiVersion, ...inputs } = withoutNulls(given);
    typeOf(type);
    if (inputs.location === undefined && "location" in (schema.resources[type]?.inputs ?? {})) {
      const location = await this.defaultLocation(oldInputs, inputs);
      if (location !== undefined) inputs.location = location;
    }
    const failures = checkInputs(type, inputs)
      .filter(({ path }) => !within(inputs, path, isUnknown))
      .map(({ path, reason }) => ({ property: path, reason: `${path} ${reason}` }));
    return {
      inputs: { ...inputs, azureApiVersion: azureApiVersion ?? apiVersion(type) },
      failures,
    };
  }

  /** The recorded location, the configured one, or that of the resource group, in this order. */
  private async defaultLocation(old: Properties, inputs: Properties): Promise<unknown> {
    const known = old.location ?? this.location;
    const { resourceGroupName: group } = inputs;
    if (known !== undefined || group === undefined || isUnknown(group)) return known ?? group;
    const path = `/subscriptions/${this.subscriptionId}/resourceGroups/${String(group)}`;
    return (await this.connection.get(`${path}?api-version=2024-03-01`))?.location;
  }

  async diff({
    type,
    oldInputs,
    inputs,
  }: {
    type: string;
    oldInputs: Properties;
    inputs: Properties;
  }): Promise<Diff> {
    const [before, after] = [withoutNulls(oldInputs), withoutNulls(inputs)];
    const reasons = replaceReasons(type, before, after);
    const marked = Object.entries(propertyChanges(before, after)).map(
      ([path, change]): [string, PropertyChange] => {
        const replace = reasons.some(
          (reason) =>
            path === reason || path.startsWith(`${reason}.`) || path.startsWith(`${reason}[`),
        );
        return [path, replace ? { ...change, replace } : change];
      },
    );
    return { changes: Object.fromEntries(marked), deleteBeforeReplace: reasons.length > 0 };
  }

  async create({
    type,
    inputs: given,
    preview,
  }: {
    type: string;
    inputs: Properties;
    preview: boolean;
  }) {
    const inputs = withoutNulls(given);
    if (preview) return { id: "", outputs: previewOutputs(type, inputs) };
    const path = this.path(type, inputs);
    if (!typeOf(type).always && (await this.connection.get(versioned(path, type)))) {
      throw new UserError(`cannot create already existing resource '${path}'`);
    }
    return this.put(type, path, inputs);
  }

  async update(request: {
    type: string;
    id: string;
    inputs: Properties;
    oldOutputs: Properties;
    preview: boolean;
  }) {
    const { type, oldOutputs, preview } = request;
    const inputs = withoutNulls(request.inputs);
    if (!preview) return this.put(type, this.path(type, inputs), inputs);
    // Name and location never change in an update, so what depends on them is not shown as changing.
    const stable = ["name", "location"].filter((name) => name in oldOutputs);
    return {
      outputs: {
        ...previewOutputs(type, inputs),
        ...Object.fromEntries(stable.map((name) => [name, oldOutputs[name]])),
      },
    };
  }

  async read(request: {
    type: string;
    id: string;
    inputs: Properties;
    outputs: Properties;
  }): Promise<ReadResult | undefined> {
    const { type, id } = request;
    const live = await this.connection.get(versioned(id, type));
    if (!live) return undefined;
    const [inputs, outputs] = [withoutNulls(request.inputs), withoutNulls(request.outputs)];
    const imported = Object.keys(inputs).length === 0;
    const refreshed = toInputs(type, live, inputs, imported ? undefined : outputs);
    return {
      id: String(live.id ?? id),
      outputs: toOutputs(type, live),
      inputs: { ...refreshed, azureApiVersion: inputs.azureApiVersion ?? apiVersion(type) },
    };
  }

  async delete({ type, id }: { type: string; id: string }): Promise<void> {
    await (await this.connection.begin("DELETE", versioned(id, type))).finish();
  }

  async invoke({
    token,
    args,
  }: {
    token: string;
    args: Properties;
  }): Promise<{ outputs: Properties }> {
    if (token === "azure-native:authorization:getClientConfig") {
      const { appid: clientId, oid: objectId, tid: tenantId } = await this.connection.claims();
      return { outputs: { clientId, objectId, subscriptionId: this.subscriptionId, tenantId } };
    }
    const type = token.replace(/:get(?=[A-Z]\w*$)/, ":");
    if (type === token) throw new UserError(`the sandbox does not simulate the function ${token}`);
    const path = this.path(type, args);
    const live = await this.connection.get(versioned(path, type));
    if (!live) throw new UserError(`${token}: there is no ${lastName(path)} at ${path}`);
    return { outputs: toOutputs(type, live) };
  }

  private path(type: string, inputs: Properties): string {
    return toPath(type, inputs, this.subscriptionId);
  }

  private async put(
    type: string,
    path: string,
    given: Properties,
  ): Promise<{ id: string; outputs: Properties }> {
    const { azureApiVersion: _, ...inputs } = given;
    const { finish } = await this.connection.begin(
      "PUT",
      versioned(path, type),
      toBody(type, inputs),
    );
    const failure = await finish().then(
      () => undefined,
      (error: unknown) => error,
    );
    const live = await this.connection.get(versioned(path, type));
    if (!live) throw failure ?? new UserError(`${path} was written but cannot be read`);
    const state = { id: String(live.id ?? path), outputs: toOutputs(type, live) };
    if (failure) throw new PartialFailure((failure as Error).message, { ...state, inputs: given });
    return state;
  }
}

export function provider(): Provider {
  return new AzureNative();
}

function versioned(path: string, type: string): string {
  return `${path}?api-version=${apiVersion(type)}`;
}

/** What azure-native says of a resource that does not exist yet: its inputs, and everything else unknown. */
function previewOutputs(type: string, inputs: Properties): Properties {
  const outputs: Properties = {};
  for (const name of schema.resources[type]?.outputs ?? []) outputs[name] = inputs[name] ?? unknown;
  for (const path of computedOutputs(type))
    if (path !== "id") withUnknownAt(outputs, path.split("."));
  return outputs;
}
