import * as pulumi from "@pulumi/pulumi";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as machinelearning from "@pulumi/azure-native/machinelearningservices";

class Platform extends pulumi.ComponentResource {
  readonly uri: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:test:Platform", name, {}, opts);
    const config = new pulumi.Config();
    const vault = new keyvault.Vault(
      `${name}-vault`,
      {
        resourceGroupName: "rg",
        vaultName: config.require("vaultName"),
        properties: { tenantId: "tenant", sku: { family: "A", name: "standard" } },
      },
      { parent: this, protect: true },
    );
    const secrets = config.requireSecretObject<Record<string, string>>("secrets");
    new machinelearning.Workspace(
      `${name}-workspace`,
      {
        resourceGroupName: "rg",
        workspaceName: "ws",
        keyVault: vault.id,
        description: pulumi.interpolate`uses ${vault.properties.vaultUri}`,
        tags: { key: secrets.apply((values) => values["openai"] ?? "") },
      },
      { parent: this, ignoreChanges: ["friendlyName"] },
    );
    this.uri = vault.properties.vaultUri as pulumi.Output<string>;
    this.registerOutputs({ uri: this.uri });
  }
}

export = async () => {
  const platform = new Platform("platform");
  const adopted = machinelearning.Registry.get("shared", "/subscriptions/s/registries/shared");
  return { uri: platform.uri, registry: adopted.name };
};
