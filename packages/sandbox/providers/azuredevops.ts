import { createHash } from "node:crypto";
import { propertyChanges } from "../../provider/propertyChanges";
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
import { UserError } from "../../provider/userError";
import { check, computedOutputs, replaceReasons } from "../devops/devops";
import { withRecorded } from "../devops/secrets";
import { devOpsType } from "../devops/types/table";
import { same } from "../paths";
import { Connection } from "./connection";
import { withoutNulls } from "./values";

/**
 * azuredevops as far as the sandbox knows types. Like the real one it skips what is unknown in a preview and
 * finds it wrong in the create, names what has no name, and carries live changes into the inputs on refresh.
 */
export class AzureDevOps implements Provider {
  readonly name = "azuredevops";
  readonly version = "3.16.0";
  private readonly connection = new Connection();

  async configure(config: Properties): Promise<void> {
    if (config.orgServiceUrl || process.env.AZDO_ORG_SERVICE_URL) return;
    throw new UserError(
      "azuredevops:orgServiceUrl is not set; set it with: pulumi config set azuredevops:orgServiceUrl https://dev.azure.com/<organisation>",
    );
  }

  async check({
    urn,
    type,
    oldInputs,
    inputs: given,
  }: CheckRequest): Promise<{ inputs: Properties; failures: Failure[] }> {
    const inputs = withoutNulls(given);
    if ("name" in devOpsType(type).inputs.shape && needsName(type)) {
      inputs.name ??= oldInputs.name ?? autoName(urn);
    }
    const failures = check(type, inputs, isUnknown).map(({ path, reason }) => ({
      property: path,
      reason: `${path} ${reason}`,
    }));
    return { inputs, failures };
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
    // Names are fixed, so the old one must go first.
    return {
      changes: propertyChanges(before, after, reasons),
      deleteBeforeReplace: reasons.length > 0,
    };
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
    if (!preview)
      return (await this.ask("create", { token: type, inputs })) as {
        id: string;
        outputs: Properties;
      };
    const computed = computedOutputs(type).filter((name) => name !== "id" && !(name in inputs));
    return {
      id: "",
      outputs: { ...inputs, ...Object.fromEntries(computed.map((name) => [name, unknown])) },
    };
  }

  async update(request: {
    type: string;
    id: string;
    inputs: Properties;
    oldOutputs: Properties;
    preview: boolean;
  }) {
    const { type: token, id, oldOutputs, preview } = request;
    const inputs = withoutNulls(request.inputs);
    if (preview) return { outputs: { ...oldOutputs, ...inputs } };
    return (await this.ask("update", { token, id, inputs })) as { outputs: Properties };
  }

  async read(request: {
    type: string;
    id: string;
    inputs: Properties;
    outputs: Properties;
  }): Promise<ReadResult | undefined> {
    const { type: token, id } = request;
    const found = (await this.ask("read", { token, id })) as { outputs?: Properties };
    if (!found.outputs) return undefined;
    const [inputs, outputs] = [withoutNulls(request.inputs), withoutNulls(request.outputs)];
    const live = withoutNulls(
      withRecorded(found.outputs, outputs, devOpsType(token).secrets ?? []),
    );
    return { id, outputs: live, inputs: carried(token, inputs, outputs, live) };
  }

  async delete({ type: token, id }: { type: string; id: string }): Promise<void> {
    await this.ask("delete", { token, id });
  }

  async invoke({
    token,
    args,
  }: {
    token: string;
    args: Properties;
  }): Promise<{ outputs: Properties }> {
    return { outputs: await this.ask("invoke", { token, inputs: withoutNulls(args) }) };
  }

  private ask(operation: string, body: object): Promise<Properties> {
    return this.connection.post(`/devops/${operation}`, body);
  }
}

export function provider(): Provider {
  return new AzureDevOps();
}

/** Types whose name may be left out by a program although the service needs one. */
function needsName(type: string): boolean {
  return !["Queue"].includes(type.split(":").at(-1) ?? "");
}

/** The bridge's names: the resource's, and seven hexadecimal digits. */
function autoName(urn: string): string {
  const name = urn.split("::").at(-1) ?? "";
  return `${name}-${createHash("sha1").update(urn).digest("hex").slice(0, 7)}`;
}

/** The recorded inputs with what changed live; all live inputs on an import. */
function carried(
  token: string,
  inputs: Properties,
  before: Properties,
  live: Properties,
): Properties {
  const names = Object.keys(devOpsType(token).inputs.shape).filter(
    (name) => name in live || name in inputs,
  );
  const imported = Object.keys(inputs).length === 0;
  return withoutNulls(
    Object.fromEntries(
      names
        .map((name) => [
          name,
          imported || !same(before[name], live[name]) ? live[name] : inputs[name],
        ])
        .filter(([, value]) => value !== undefined),
    ),
  );
}
