import * as cognitiveservices from "@pulumi/azure-native/cognitiveservices";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import { sendLogs } from "./diagnostics";
import { adoptedId, type Place } from "./place";
import type { Scope } from "./roles";

export interface OpenAIArgs {
  readonly place: Place;
  readonly settings: NonNullable<Settings["openAI"]>;
  readonly accountName: string;
  /** Required. A connection uses the account's key; else keys are switched off. */
  readonly keys: boolean;
  /** Required. ARM id of the Log Analytics workspace. */
  readonly logAnalytics: pulumi.Input<string>;
}

/** The Azure OpenAI account and its model deployments. It holds no data, so it is not locked. */
export class OpenAI extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  /** Address of the account. */
  readonly endpoint: pulumi.Output<string>;
  readonly scope: Scope;
  /** What a flow that calls a model waits for. */
  readonly models: readonly pulumi.Resource[];

  constructor(name: string, args: OpenAIArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:OpenAI", name, {}, opts);
    const account = this.account(name, args);
    this.models = this.deployModels(name, account, args);
    this.id = account.id;
    this.endpoint = account.properties.endpoint;
    this.scope = { key: name, id: account.id };
    this.registerOutputs({ id: this.id, endpoint: this.endpoint });
  }

  private account(name: string, args: OpenAIArgs) {
    const { place, settings, accountName, keys, logAnalytics } = args;
    if (settings.mode === "existing") {
      const id = adoptedId(place, settings, "Microsoft.CognitiveServices/accounts");
      return cognitiveservices.Account.get(name, id, { parent: this });
    }
    const account = new cognitiveservices.Account(
      name,
      {
        resourceGroupName: place.resourceGroup,
        accountName,
        location: place.location,
        kind: "OpenAI",
        sku: { name: "S0" },
        properties: {
          // Entra tokens are accepted on an address of the account's own alone.
          customSubDomainName: accountName,
          disableLocalAuth: !keys,
          publicNetworkAccess: place.isolation.publicNetworkAccess,
          networkAcls: { bypass: "AzureServices", defaultAction: place.isolation.defaultAction },
        },
        tags: place.tags,
      },
      { parent: this, protect: place.protect },
    );
    // Who used the account, and never what was asked: the group holds no prompts.
    const logs = { group: "audit" } as const;
    sendLogs(`${name}.logs`, { logAnalytics, resource: account.id, logs }, { parent: this });
    return account;
  }

  /** One after another: an account accepts one change of its deployments at a time. */
  private deployModels(
    name: string,
    account: cognitiveservices.Account,
    { place, settings }: OpenAIArgs,
  ): pulumi.Resource[] {
    if (settings.mode === "existing") return [];
    return settings.deployments.reduce<pulumi.Resource[]>((before, model) => {
      const deployment = new cognitiveservices.Deployment(
        `${name}.${model.name}`,
        {
          resourceGroupName: place.resourceGroup,
          accountName: account.name,
          deploymentName: model.name,
          sku: { name: model.sku, capacity: model.capacity },
          properties: {
            model: { format: "OpenAI", name: model.model, version: model.version },
            // The version in the settings is the one that was evaluated.
            versionUpgradeOption: "NoAutoUpgrade",
          },
        },
        { parent: this, dependsOn: before.slice(-1) },
      );
      return [...before, deployment];
    }, []);
  }
}
