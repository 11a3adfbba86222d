import { stringify } from "yaml";
import { repository, type Repository } from "../../config/repository";

/** Values by path, `storage.replication` or `connections[1].name`; null takes the key away. */
export type Patch = Readonly<Record<string, unknown>>;

/** What a stack's file holds, and further files of its repository. */
export interface Files {
  readonly settings: Patch;
  readonly azure?: Patch;
}

const image = (digit: string) => `example.azurecr.io/serving@sha256:${digit.repeat(64)}`;

/** Every part of a stack in use, so that no setting lacks what it acts on. */
export const WHOLE = {
  network: "open",
  tags: { team: "a" },
  machineLearningRegistry: { mode: "create" },
  openAI: {
    mode: "create",
    deployments: [{ name: "gpt-4o", model: "gpt-4o", version: "2024-11-20", capacity: 30 }],
  },
  compute: { mode: "create" },
  connections: [
    { name: "aoai", type: "azureOpenAI" },
    { name: "search", type: "aiSearch", target: "https://one.search.windows.net/" },
  ],
  secrets: { one: { secure: "v1:one" }, two: { secure: "v1:two" } },
  images: { serving: { build: "images/serving" }, other: { digest: image("a") } },
  armDefaults: { image: "serving" },
  flows: {
    web: { arms: { blue: { version: 3, weight: 90 }, green: { version: 4, weight: 10 } } },
  },
  devops: {
    project: { mode: "create", name: "genaiops" },
    repository: { mode: "create", name: "flows", seed: ["seed/one.yml"] },
    branches: ["development"],
    state: { resourceGroup: "rg-state", storageAccount: "stpulumistate", keyVault: "kv-state" },
    approval: { approvers: ["ada@example.com"] },
  },
};

const AZURE = {
  "azure-native:location": "swedencentral",
  "azure-native:subscriptionId": "11111111-1111-4111-8111-111111111111",
  "azure-native:tenantId": "22222222-2222-4222-8222-222222222222",
  "azuredevops:orgServiceUrl": "https://dev.azure.com/example",
};

/** An environment that others take their versions from. */
const EVALUATING = {
  ...AZURE,
  network: "open",
  machineLearningRegistry: { mode: "create" },
  images: WHOLE.images,
};

/** A repository whose stack `dev` has every part, with these changes. */
export function repositoryWith({ settings, azure = {} }: Files): Repository & {
  readonly secrets: Readonly<Record<string, string>>;
} {
  const stack = structuredClone(WHOLE) as Record<string, unknown>;
  for (const [path, value] of Object.entries(settings)) setAt(stack, stepsOf(path), value);
  const secrets = stack["secrets"] as Record<string, { secure: string }>;
  const made = repository([], {
    "Pulumi.dev.yaml": stringify({ config: { ...AZURE, ...azure, ...stack } }, { version: "1.1" }),
    ...Object.fromEntries(
      ["stage", "trial"].map((name) => [`Pulumi.${name}.yaml`, stringify({ config: EVALUATING })]),
    ),
    "images/elsewhere/Dockerfile": "FROM scratch\n",
    "images/flow/Dockerfile": "ARG SERVING_IMAGE\nFROM ${SERVING_IMAGE}\n",
    "seed/one.yml": "one: 1\n",
    "seed/two.yml": "two: 2\n",
  });
  return {
    ...made,
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([name, { secure }]) => [name, secure]),
    ),
  };
}

function stepsOf(path: string): string[] {
  return path.replace(/\[(\d+)\]/g, ".$1").split(".");
}

function setAt(holder: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  const [step = "", ...rest] = steps;
  if (rest.length > 0) {
    const inside = (holder[step] ??= /^\d+$/.test(rest[0] ?? "") ? [] : {});
    setAt(inside as Record<string, unknown>, rest, value);
  } else if (value === null) delete holder[step];
  else holder[step] = structuredClone(value);
}
