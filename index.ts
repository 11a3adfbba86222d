import { computeRoles, deployerRoles, endpointRoles, workspaceRoles } from "./components/access";
import { AttachedCluster } from "./components/attachedCluster";
import { Compute } from "./components/compute";
import { Connections, ownAccountUse } from "./components/connections";
import { ContainerRegistry } from "./components/containerRegistry";
import { Deployer } from "./components/deployer";
import { loadDevOps } from "./components/devops/load";
import { evaluatedImages } from "./components/evaluatedImage";
import { createFlows } from "./components/flows";
import { createIdentities } from "./components/identities";
import { createImages } from "./components/images";
import { KeyVault } from "./components/keyVault";
import { MachineLearningRegistry } from "./components/machineLearningRegistry";
import { Monitoring } from "./components/monitoring";
import { Network } from "./components/network";
import { OpenAI } from "./components/openAI";
import { stackOutputs } from "./components/outputs";
import { placeOf } from "./components/place";
import { ResourceGroup } from "./components/resourceGroup";
import { Roles } from "./components/roles";
import { secretsOf } from "./components/secrets";
import { stackEnvironment } from "./components/stackEnvironment";
import { Storage } from "./components/storage";
import { dropVersionAliases } from "./components/versionAliases";
import { dropPromiseTraces } from "./components/promiseTraces";
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
  dropPromiseTraces();
  const { settings, names } = environment;
  const { connections } = settings;
  const resolution = await resolveVersions(environment);

  const resourceGroup = new ResourceGroup("resource-group", environment);
  const place = placeOf(environment, resourceGroup.name);
  const roles = new Roles(environment);
  const identities = createIdentities(environment, place, roles);
  const common = { place, settings, names };
  const deployer = new Deployer("deployer", { ...common, roles });

  const monitoring = new Monitoring("monitoring", common);
  const logged = { ...common, logAnalytics: monitoring.logAnalyticsId };
  const storage = new Storage("storage", logged);
  const keyVault = new KeyVault("key-vault", { ...logged, identities });
  const containerRegistry = new ContainerRegistry("container-registry", logged);
  const { promotion } = environment;
  const sharedRegistry = promotion?.registry ?? settings.machineLearningRegistry;
  const machineLearningRegistry =
    sharedRegistry &&
    new MachineLearningRegistry("machine-learning-registry", {
      place,
      settings: sharedRegistry,
      registryName: names.machineLearningRegistry,
    });
  const { keys, tokens } = ownAccountUse(connections);
  const openAI =
    settings.openAI &&
    new OpenAI("openai", {
      ...logged,
      settings: settings.openAI,
      accountName: names.openAI,
      keys,
    });

  const reach = {
    place,
    resourceGroup,
    storage,
    keyVault,
    containerRegistry,
    machineLearningRegistry,
    evaluatedImages: promotion && evaluatedImages(promotion),
    openAI: tokens ? openAI : undefined,
  };
  deployer.allow(deployerRoles(reach, settings.deployer.rights));
  identities.workspace?.allow(workspaceRoles(reach));
  const workspace = new Workspace("workspace", {
    ...logged,
    identity: identities.workspace,
    jobIdentity: settings.compute ? undefined : identities.compute,
    storage: storage.id,
    keyVault: keyVault.id,
    containerRegistry: containerRegistry.id,
    applicationInsights: monitoring.applicationInsightsId,
  });
  const network = new Network("network", {
    place,
    workspace,
    openAI: openAI?.id,
    machineLearningRegistry: promotion && machineLearningRegistry?.id,
    connections,
  });
  const workspaceConnections = new Connections("connections", {
    connections,
    workspace,
    openAI,
    secret: secretsOf(environment.project),
  });

  identities.compute?.allow(computeRoles(reach, workspace));
  if (settings.compute) {
    new Compute("compute", {
      place,
      settings: settings.compute,
      computeName: names.compute,
      workspace,
      identity: identities.compute,
      after: network.rules,
    });
  }

  const cluster =
    settings.kubernetes &&
    new AttachedCluster("kubernetes", { settings: settings.kubernetes, workspace });

  identities.endpoints.forEach(({ identity, flows }) =>
    identity.allow(endpointRoles(reach, workspace, flows)),
  );
  const images = createImages(environment, resolution.flows, {
    loginServer: containerRegistry.loginServer,
    workspace,
    sharedIn: promotion ? undefined : machineLearningRegistry,
  });
  const flows = await createFlows(environment, resolution.flows, {
    place,
    workspace,
    identities,
    images,
    evaluated: promotion && { promotion, containerRegistry },
    storageAccount: storage.accountName,
    logAnalytics: monitoring.logAnalyticsId,
    after: [...network.rules, ...workspaceConnections.all, ...(openAI?.models ?? [])],
    uploadGrants: deployer.grants,
    cluster,
  });

  const devOps = await loadDevOps({
    environment,
    place,
    roles,
    deployer,
    keyVault,
    workspaceName: workspace.workspaceName,
    loginServer: containerRegistry.loginServer,
  });

  return stackOutputs({ environment, workspace, deployer, flows, roles, resolution, devOps });
}

export = program;
