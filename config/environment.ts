import type { DevOpsNames } from "./devopsNames";
import type { Experiment } from "./experiment";
import type { FolderContent } from "./hash";
import type { KubernetesFlowSettings } from "./kubernetesSettings";
import type { Names } from "./names";
import type { Scale } from "./scaleSettings";
import type { Settings } from "./settings";
import type { WebAppFlowSettings } from "./webAppSettings";

/**
 * Everything the program knows before any resource exists: the checked settings of one stack, its Azure
 * names, and its flows. Plain frozen data; the components map it to resources and read nothing else.
 */
export interface Environment {
  /** Pulumi project name, `genaiops-platform`. */
  readonly project: string;
  /** Stack name, which is the environment's name: `dev`, `prod`, … */
  readonly stack: string;
  /** Absolute path of the repository. */
  readonly root: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Azure region, for example `swedencentral`. */
  readonly location: string;
  readonly settings: Settings;
  readonly names: Names;
  /** What the environment has in Azure DevOps; absent where the settings have no `devops`. */
  readonly devOps?: DevOpsPlace;
  /** Present where versions come from another environment. */
  readonly promotion?: Promotion;
  /** Sorted by name. */
  readonly flows: readonly Flow[];
  /** What the plan tells a reader besides resources; never an error. */
  readonly notices: readonly string[];
}

/** The environment that evaluates the versions deployed here, and what it shares. */
export interface Promotion {
  /** Its name: a version that is deployed carries the tag `approved_<from>`. */
  readonly from: string;
  /** Registry of its models and environments. */
  readonly registry: SharedResource;
  /** Container registry that its images are built in. */
  readonly containerRegistry: SharedResource;
  /** Its images, by name. */
  readonly images: Settings["images"];
}

/** A resource of another environment. */
export interface SharedResource {
  readonly mode: "existing";
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
}

/** Where the environment stands in Azure DevOps. */
export interface DevOpsPlace {
  /** Address of the organisation, without a slash at its end. */
  readonly organisation: string;
  readonly names: DevOpsNames;
  /** E-mail addresses of those who approve; empty where nobody is asked. */
  readonly approvers: readonly string[];
  /** Files that the repository begins with or lacks, sorted. */
  readonly seed: readonly string[];
}

/** One flow of this environment: its folder and its endpoint with arms. */
export interface Flow {
  /** Folder under `flows/` and the name in `Pulumi.<env>.yaml`. */
  readonly name: string;
  /** Folder, relative to the repository, with forward slashes. */
  readonly folder: string;
  readonly experiment: Experiment;
  /** Where it runs, with what only this target has. */
  readonly target: Target;
  /** Azure name of the endpoint, unique in its region, or of the Web App. Every target has another one. */
  readonly endpointName: string;
  /** Name of the registered model: `<experiment>_<env>`, of the environment that evaluates it. */
  readonly modelName: string;
  readonly authentication: "AADToken" | "AMLToken" | "Key";
  /** Absent on Kubernetes, where the cluster's network decides. */
  readonly publicAccess?: boolean;
  /** Sorted by name. */
  readonly arms: readonly Arm[];
  /** Absent: each arm has its `instances` all the time. */
  readonly scale?: Scale;
  /** Managed endpoints alone. */
  readonly mirror?: { readonly arm: string; readonly percent: number };
  /** The checkout's model, of the folder `experiment.flow`; present where an arm serves `current`. */
  readonly content?: FolderContent;
}

/** What a flow has on one target and on no other. */
export type Target = ManagedTarget | KubernetesTarget | WebAppTarget;

/** A managed online endpoint: VMs of Azure Machine Learning. */
export interface ManagedTarget {
  readonly name: "managed";
}

/** A Kubernetes online endpoint: containers in the cluster that `settings.kubernetes` names. */
export interface KubernetesTarget extends KubernetesFlowSettings {
  readonly name: "kubernetes";
}

/** A Web App for containers, with a slot for each arm. */
export interface WebAppTarget extends WebAppFlowSettings {
  readonly name: "webApp";
}

/** One deployment behind an endpoint, every default filled in; the same on every target. */
export interface Arm {
  readonly name: string;
  readonly version: number | "approved" | "current";
  /** Percent of the endpoint's requests. */
  readonly weight: number;
  /** `<node>.<variant>`; absent: each node's default. */
  readonly variant?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A name under `settings.images`, of the environment that evaluates. */
  readonly image: string;
  /** That image holds this flow's files: nothing has to fetch them. */
  readonly holdsFlow: boolean;
  /** VM size. Managed deployments alone. */
  readonly instance: string;
  /** All the time, or to begin with where the flow has a `scale`. */
  readonly instances: number;
  readonly requestTimeoutSeconds: number;
  readonly concurrentRequests: number;
}
