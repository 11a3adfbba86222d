import { endpointRoles, workspaceRoles } from "./components/access";
import { ContainerRegistry } from "./components/containerRegistry";
import { createFlows, createImages } from "./components/flows";
import { createIdentities } from "./components/identities";
import { KeyVault } from "./components/keyVault";
import { Monitoring } from "./components/monitoring";
import { Network } from "./components/network";
import { stackOutputs } from "./components/outputs";
import { placeOf } from "./components/place";
import { ResourceGroup } from "./components/resourceGroup";
import { Roles } from "./components/roles";
import { stackEnvironment } from "./components/stackEnvironment";
import { Storage } from "./components/storage";
import { dropVersionAliases } from "./components/versionAliases";
import { resolveVersions } from "./components/versions";
import { Workspace } from "./components/workspace";
import type { Environment } from "./config/environment";

interface ProgramOptions {
  /** Optional. @default read from the settings of the stack that the engine runs */
  readonly environment?: Environment;
}

/** Everything of one environment, from its resource group to the endpoints of its flows. */
async function program({ environment = stackEnvironment(__dirname) }: ProgramOptions = {}) {
  dropVersionAliases();
  const { settings, names } = environment;
  const resolution = await resolveVersions(environment);
  const roles = new Roles(environment);

  const resourceGroup = new ResourceGroup("resource-group", environment);
  const place = placeOf(environment, resourceGroup.name);
  const identities = createIdentities(environment, place, roles);

  const monitoring = new Monitoring("monitoring", { place, settings, names });
  const logAnalytics = monitoring.logAnalyticsId;
  const storage = new Storage("storage", {
    place,
    settings: settings.storage,
    accountName: names.storage,
  });
  const keyVault = new KeyVault("key-vault", {
    place,
    settings: settings.keyVault,
    vaultName: names.keyVault,
    logAnalytics,
    identities,
  });
  const containerRegistry = new ContainerRegistry("container-registry", {
    place,
    settings: settings.containerRegistry,
    registryName: names.containerRegistry,
    logAnalytics,
  });

  const scopes = { place, resourceGroup, storage, keyVault, containerRegistry };
  identities.workspace?.allow(workspaceRoles(scopes));
  const workspace = new Workspace("workspace", {
    place,
    settings: settings.workspace,
    workspaceName: names.workspace,
    identity: identities.workspace,
    storage: storage.id,
    keyVault: keyVault.id,
    containerRegistry: containerRegistry.id,
    applicationInsights: monitoring.applicationInsightsId,
    logAnalytics,
  });
  const network = new Network("network", { place, workspace, connections: settings.connections });

  identities.endpoints.forEach((identity) => identity.allow(endpointRoles(scopes, workspace)));
  const images = createImages(environment, resolution.flows, {
    loginServer: containerRegistry.loginServer,
    workspace,
  });
  const flows = createFlows(environment, resolution.flows, {
    place,
    workspace,
    identities,
    images,
    storageAccount: storage.accountName,
    logAnalytics,
    network,
  });

  return stackOutputs({ environment, workspace, flows, roles, resolution });
}

export = program;
