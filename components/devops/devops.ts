import { setImmediate as nextTurn } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { DevOpsPlace, Environment } from "../../config/environment";
import type { Deployer } from "../deployer";
import { Identity } from "../identity";
import type { KeyVault } from "../keyVault";
import type { Place } from "../place";
import type { Roles } from "../roles";
import type { Secret } from "../secrets";
import { deployerVaultRoles, pullRequestRoles, stateRoles } from "./access";
import { Agents } from "./agents";
import { BranchPolicies } from "./branchPolicies";
import { Contributors } from "./contributors";
import { findExisting } from "./found";
import { FlowPipelines } from "./flowPipelines";
import { Gate } from "./gate";
import { InfrastructurePipelines } from "./infrastructurePipelines";
import { Member } from "./member";
import type { PipelineBase, ProtectedByKey } from "./pipelines";
import { Project } from "./project";
import { Repository } from "./repository";
import { ServiceConnection } from "./serviceConnection";
import type { SignIn } from "./serviceConnection";
import { environmentLines, VariableGroups } from "./variableGroups";

export interface DevOpsArgs {
  readonly environment: Environment;
  readonly settings: DevOpsSettings;
  readonly devOps: DevOpsPlace;
  readonly place: Place;
  readonly roles: Roles;
  readonly deployer: Deployer;
  readonly keyVault: KeyVault;
  readonly workspaceName: pulumi.Input<string>;
  /** Required. Host name of the container registry. */
  readonly loginServer: pulumi.Input<string>;
  /** Required. Reads a named secret of the stack. */
  readonly secret: Secret;
}

/** What pipelines and people need to know of the DevOps half. */
export interface DevOpsOutputs {
  readonly projectId: pulumi.Output<string>;
  readonly repositoryId: pulumi.Output<string>;
  /** Connections by what they are for. */
  readonly connections: Readonly<Record<"deploy" | "pullRequest", pulumi.Output<string>>>;
  /** What the deployer's identity must trust; made by the stack unless the deployer existed before. */
  readonly issuer: pulumi.Output<string>;
  readonly subject: pulumi.Output<string>;
}

/** Flows that are declared before what they started is let to end. */
const AT_ONCE = 20;

/** The environment in Azure DevOps: project, repository, connections, variables, gate and pipelines. */
export async function createDevOps(args: DevOpsArgs): Promise<DevOpsOutputs> {
  const { environment, settings, devOps, secret } = args;
  const { stack, root } = environment;
  const found = await findExisting(settings, devOps);
  const project = new Project("devops-project", { settings, existing: found.projectId });
  const repository = new Repository("devops-repository", {
    project,
    settings,
    existing: found.repositoryId,
    root,
    seed: devOps.seed,
    secret,
  });
  const { deploy, pullRequest } = createConnections(args, project);
  const agents = new Agents("devops-agents", {
    project,
    settings: settings.agents,
    existing: found.queueId,
  });
  const reviewAgents = settings.pullRequestAgents
    ? new Agents("devops-pull-request-agents", {
        project,
        settings: settings.pullRequestAgents,
        existing: found.pullRequestQueueId,
      })
    : agents;
  const groups = createGroups(args, project, deploy);
  const linked = groups.secrets;
  const gate = new Gate("devops-gate", {
    project,
    place: devOps,
    settings,
    approvers: found.approvers,
    guarded: {
      connection: { type: "endpoint", id: deploy.id },
      ...(linked ? { secrets: { type: "variablegroup", id: linked.id } } : {}),
    },
  });
  new BranchPolicies("devops-policies", { project, repository, settings });

  const forPullRequests: ProtectedByKey = { connection: { type: "endpoint", id: pullRequest.id } };
  const forDelivery: ProtectedByKey = {
    variables: { type: "variablegroup", id: groups.variables.id },
    connection: { type: "endpoint", id: deploy.id },
    environment: { type: "environment", id: gate.environment.id },
    ...(linked ? { secrets: { type: "variablegroup", id: linked.id } } : {}),
  };
  const base: PipelineBase = { stack, project, repository, settings };
  const common = {
    base,
    forPullRequests: { agents: reviewAgents, opened: forPullRequests },
    forDelivery: { agents, opened: forDelivery, variableGroups: linked ? [linked] : [] },
  };
  const infrastructure = new InfrastructurePipelines("devops-infrastructure", {
    ...common,
    names: devOps.names,
    paths: [...settings.sharedPaths, `/Pulumi.${stack}.yaml`],
    driftHour: settings.driftHour,
  });
  const { sharedPaths } = settings;
  const below = infrastructure.folder;
  for (const [index, { name: flow }] of environment.flows.entries()) {
    if (index > 0 && index % AT_ONCE === 0) await nextTurn();
    new FlowPipelines(`devops.${flow}`, { ...common, flow, below, sharedPaths });
  }
  new Contributors("devops-contributors", { project, repository, folder: below, settings });
  if (settings.member) {
    new Member("devops-member", {
      project,
      principalId: args.deployer.principalId,
      on: {
        repository: repository.id,
        branches: settings.branches,
        folder: below.path,
        connections: { deploy: deploy.id, "pull-request": pullRequest.id },
        variableGroups: {
          variables: groups.variables.id,
          ...(linked ? { secrets: linked.id } : {}),
        },
        environment: gate.environment.id,
      },
    });
  }
  return {
    projectId: project.id,
    repositoryId: repository.id,
    connections: { deploy: deploy.id, pullRequest: pullRequest.id },
    issuer: deploy.issuer,
    subject: deploy.subject,
  };
}

/** The connection that deploys, and the one for code that nobody has reviewed: it only reads. */
function createConnections(args: DevOpsArgs, project: Project) {
  const { environment, settings, devOps, place, roles, deployer, keyVault } = args;
  const { subscriptionName } = settings.connection;
  const common = { project, place, subscriptionName };
  deployer.allow([
    ...(settings.secrets.length > 0 ? deployerVaultRoles(keyVault) : []),
    ...stateRoles(place, settings.state, "write"),
  ]);
  const deploy = new ServiceConnection("devops-connection", {
    ...common,
    connectionName: devOps.names.connection,
    description: `Deploys the environment ${environment.stack}`,
    signIn: deployerSignIn(args),
  });
  const reader = new Identity("pull-request-identity", {
    place,
    identityName: environment.names.pullRequestIdentity,
    roles,
  });
  reader.allow([...pullRequestRoles(reader), ...stateRoles(place, settings.state, "read")]);
  const pullRequest = new ServiceConnection("devops-pull-request-connection", {
    ...common,
    connectionName: devOps.names.pullRequestConnection,
    description: `Reads the environment ${environment.stack} for pull requests`,
    signIn: reader,
  });
  return { deploy, pullRequest };
}

/** The checks see to it that a deployer that exists has a client id. */
function deployerSignIn({ settings, deployer, secret }: DevOpsArgs): SignIn {
  const { clientId, secret: password } = settings.connection;
  return deployer.clientId
    ? { clientId: deployer.clientId, identityName: deployer.identityName }
    : { clientId: clientId as string, ...(password ? { password: secret(password) } : {}) };
}

function createGroups(args: DevOpsArgs, project: Project, connection: ServiceConnection) {
  const { environment, settings, devOps, place, deployer, keyVault, secret } = args;
  return new VariableGroups("devops-variables", {
    project,
    place,
    names: devOps.names,
    settings,
    variables: {
      AZURE_RM_SVC_CONNECTION: devOps.names.connection,
      rg_name: place.resourceGroupName,
      ws_name: args.workspaceName,
      kv_name: keyVault.vaultName,
      COMPUTE_TARGET: environment.settings.compute ? environment.names.compute : "serverless",
      DOCKER_IMAGE_REGISTRY: args.loginServer,
      ENV_VARS: environmentLines(settings.variables),
    },
    vaultName: keyVault.vaultName,
    connection,
    grants: deployer.grants,
    secret,
  });
}
