import * as pulumi from "@pulumi/pulumi";
import { providerSettings, settingFromEnvironment } from "./providerSettings";
import type { ProviderSettings } from "./providerSettings";

/** What the stack's configuration says under `azuredevops:`, read when it is asked for. */
export const config = Object.defineProperties({} as Readonly<ProviderSettings>, {
  ...Object.fromEntries(
    Object.entries(providerSettings).map(([setting, encoding]) => [
      setting,
      { enumerable: true, get: () => configured(setting, encoding) },
    ]),
  ),
});

function configured(setting: string, encoding: "text" | "json"): unknown {
  const store = new pulumi.Config("azuredevops");
  const value = encoding === "json" ? store.getObject<unknown>(setting) : store.get(setting);
  return value ?? settingFromEnvironment(setting);
}
