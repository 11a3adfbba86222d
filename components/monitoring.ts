import * as applicationinsights from "@pulumi/azure-native/applicationinsights";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../config/names";
import type { Settings } from "../config/settings";
import { lock } from "./lock";
import { adoptedId, type Place } from "./place";

export interface MonitoringArgs {
  readonly place: Place;
  readonly settings: Pick<Settings, "logAnalytics" | "applicationInsights">;
  readonly names: Pick<Names, "logAnalytics" | "applicationInsights">;
}

/** Log Analytics, and Application Insights that keeps its data there. */
export class Monitoring extends pulumi.ComponentResource {
  /** ARM id of the Log Analytics workspace. */
  readonly logAnalyticsId: pulumi.Output<string>;
  /** ARM id of the Application Insights component. */
  readonly applicationInsightsId: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Monitoring", name, {}, opts);
    const logs = this.createLogAnalytics(`${name}.logs`, args);
    const insights = this.createApplicationInsights(`${name}.insights`, args, logs.id);
    this.logAnalyticsId = logs.id;
    this.applicationInsightsId = insights.id;
    this.registerOutputs({
      logAnalyticsId: this.logAnalyticsId,
      applicationInsightsId: this.applicationInsightsId,
    });
  }

  private createLogAnalytics(name: string, { place, settings, names }: MonitoringArgs) {
    const { logAnalytics } = settings;
    if (logAnalytics.mode === "existing") {
      const id = adoptedId(place, logAnalytics, "Microsoft.OperationalInsights/workspaces");
      return operationalinsights.Workspace.get(name, id, { parent: this });
    }
    const workspace = new operationalinsights.Workspace(
      name,
      {
        resourceGroupName: place.resourceGroup,
        workspaceName: names.logAnalytics,
        location: place.location,
        sku: { name: "PerGB2018" },
        retentionInDays: logAnalytics.retentionDays,
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
        // A closed network would need a private link scope first; without one, logs would be lost.
        publicNetworkAccessForIngestion: "Enabled",
        publicNetworkAccessForQuery: "Enabled",
        tags: place.tags,
      },
      { parent: this, protect: place.protect },
    );
    if (place.protect) lock(`${name}.lock`, workspace, { parent: this });
    return workspace;
  }

  private createApplicationInsights(
    name: string,
    { place, settings: { applicationInsights }, names }: MonitoringArgs,
    logAnalyticsId: pulumi.Output<string>,
  ) {
    if (applicationInsights.mode === "existing") {
      const id = adoptedId(place, applicationInsights, "Microsoft.Insights/components");
      return applicationinsights.Component.get(name, id, { parent: this });
    }
    return new applicationinsights.Component(
      name,
      {
        resourceGroupName: place.resourceGroup,
        resourceName: names.applicationInsights,
        location: place.location,
        kind: "web",
        applicationType: "web",
        ingestionMode: "LogAnalytics",
        workspaceResourceId: logAnalyticsId,
        // Deployments write with the connection string that Azure Machine Learning hands them.
        disableLocalAuth: false,
        publicNetworkAccessForIngestion: "Enabled",
        publicNetworkAccessForQuery: "Enabled",
        tags: place.tags,
      },
      { parent: this },
    );
  }
}
