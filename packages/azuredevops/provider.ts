import * as pulumi from "@pulumi/pulumi";
import { packageVersion, requestDefaults } from "./package";
import { providerSettings, secretSettings, settingFromEnvironment } from "./providerSettings";
import type { ProviderSettings } from "./providerSettings";
import type { Args } from "./shape";

export type ProviderArgs = Args<ProviderSettings>;

const token = "pulumi:providers:azuredevops";

/** The settings that are text are outputs too, as in the public SDK. */
type TextSettings = {
  readonly [
    K in keyof ProviderSettings as ProviderSettings[K] extends string | undefined ? K : never
  ]-?: pulumi.Output<ProviderSettings[K]>;
};

type ProviderBase = new (
  ...args: ConstructorParameters<typeof pulumi.ProviderResource>
) => pulumi.ProviderResource & TextSettings;

/** A sign-in of its own, for resources that name it in their options instead of the stack's. */
export class Provider extends (pulumi.ProviderResource as unknown as ProviderBase) {
  /** @internal */
  static readonly __pulumiType = "azuredevops";

  /** Tells by its type token whether a value is such a provider, also across copies of the SDK. */
  static isInstance(value: unknown): value is Provider {
    return (value as { __pulumiType?: string } | null | undefined)?.__pulumiType === token;
  }

  constructor(name: string, args: ProviderArgs = {}, opts: pulumi.ResourceOptions = {}) {
    super(
      Provider.__pulumiType,
      name,
      settingsAsText(args),
      pulumi.mergeOptions(pulumi.mergeOptions(requestDefaults(), opts), {
        additionalSecretOutputs: [...secretSettings],
      }),
    );
  }
}

/** The engine hands settings to a provider as text, so others than text travel as JSON. */
function settingsAsText(args: ProviderArgs): pulumi.Inputs {
  const inputs: pulumi.Inputs = {};
  for (const [setting, encoding] of Object.entries(providerSettings)) {
    const given = args[setting as keyof ProviderSettings] ?? settingFromEnvironment(setting);
    const text =
      encoding === "json" && given !== undefined
        ? pulumi.output(given).apply((value) => JSON.stringify(value))
        : given;
    const secret = given !== undefined && (secretSettings as readonly string[]).includes(setting);
    inputs[setting] = secret ? pulumi.secret(text) : text;
  }
  return inputs;
}

pulumi.runtime.registerResourcePackage("azuredevops", {
  version: packageVersion,
  constructProvider: (name, type, urn) => {
    if (type !== token) throw new Error(`unknown provider type ${type}`);
    return new Provider(name, undefined, { urn });
  },
});
