import { caseProblems, connectionProblems } from "./connectionChecks";
import { devopsProblems } from "./devopsChecks";
import { quote } from "./display";
import { record } from "./folders";
import { imageProblems } from "./imageChecks";
import { networkProblems } from "./networkChecks";
import { isLegalName, NAME_RULES } from "./nameRules";
import type { NamedKind } from "./nameRules";
import type { Problem } from "./problem";
import { coresNeeded } from "./quota";
import { valueAt } from "./schemaWalk";
import { settingsSchema } from "./settings";
import type { StackText } from "./stackFile";
import { at } from "./stackProblem";
import { tagProblems } from "./tagChecks";
import { clusterProblems } from "./targetChecks";

/** Everything about a stack's own settings that goes beyond the form of single values. */
export function checkStack(root: string, stack: string, text: StackText): Problem[] {
  return [
    ...azureProblems(text),
    ...nameProblems(text),
    ...networkProblems(text),
    ...imageProblems(root, stack, text),
    ...connectionProblems(text),
    ...caseProblems(text),
    ...tagProblems(stack, text),
    ...limitProblems(text),
    ...coreProblems(text),
    ...clusterProblems(text),
    ...devopsProblems(root, stack, text),
  ];
}

/** Where the stack is: settings of the provider azure-native. */
export interface AzurePlace {
  readonly location: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const AZURE_KEYS = {
  location: {
    pattern: /^[a-z][a-z0-9]{2,40}$/,
    allowed: "the short name of a region, for example swedencentral",
  },
  subscriptionId: { pattern: UUID, allowed: "a UUID: 8-4-4-4-12 hexadecimal digits" },
  tenantId: { pattern: UUID, allowed: "a UUID: 8-4-4-4-12 hexadecimal digits" },
} as const;

/** The Azure place of a stack that `checkStack` found nothing wrong with. */
export function azurePlace({ azure }: StackText): AzurePlace {
  return {
    location: String(azure.location),
    subscriptionId: String(azure.subscriptionId),
    tenantId: String(azure.tenantId),
  };
}

function azureProblems(text: StackText): Problem[] {
  return Object.entries(AZURE_KEYS).flatMap(([key, { pattern, allowed }]) => {
    const value = text.azure[key];
    const place = ["config", `azure-native:${key}`];
    if (value === undefined) {
      return [
        text.file.problem(["config"], {
          found: `azure-native:${key} is missing`,
          allowed,
          mend: `add it, for example by: pulumi config set azure-native:${key} <value>`,
        }),
      ];
    }
    if (typeof value === "string" && pattern.test(value)) {
      return [];
    }
    const short = typeof value === "string" ? value.toLowerCase().replace(/[\s_-]/g, "") : "";
    return [
      text.file.problem(place, {
        found:
          typeof value === "string"
            ? `azure-native:${key} is ${quote(value)}`
            : `azure-native:${key} is not a text`,
        allowed,
        mend:
          key === "location" && AZURE_KEYS.location.pattern.test(short)
            ? `write ${short}`
            : key === "location"
              ? "copy it from: az account list-locations"
              : "copy it from: az account show",
      }),
    ];
  });
}

const NAMED = [
  "resourceGroup",
  "logAnalytics",
  "applicationInsights",
  "storage",
  "keyVault",
  "containerRegistry",
  "workspace",
  "machineLearningRegistry",
  "openAI",
  "compute",
] as const satisfies readonly NamedKind[];

function nameProblems(text: StackText): Problem[] {
  return NAMED.flatMap((kind) => {
    const name = valueAt(text.settings, [kind, "name"]);
    if (typeof name !== "string" || name === "" || isLegalName(kind, name)) {
      return [];
    }
    return [
      at(
        text,
        [kind, "name"],
        `${kind}.name is ${quote(name)}, ${name.length} characters`,
        NAME_RULES[kind].says,
        "choose another name or remove the line to have one composed",
      ),
    ];
  });
}

function limitProblems(text: StackText): Problem[] {
  const limits = settingsSchema.shape.limits.safeParse(text.settings.limits);
  if (!limits.success) {
    return [];
  }
  // A Web App is no endpoint of Azure Machine Learning.
  const flows = Object.values(record(text.settings.flows)).filter(
    (flow) => record(flow).target !== "webApp",
  );
  const arms = flows.reduce<number>(
    (sum, flow) => sum + Object.keys(record(record(flow).arms)).length,
    0,
  );
  const counts: ["endpoints" | "deployments", number, string][] = [
    ["endpoints", flows.length, "a flow is one endpoint"],
    ["deployments", arms, "an arm is one deployment"],
  ];
  return counts.flatMap(([key, count, why]) =>
    count > limits.data[key]
      ? [
          at(
            text,
            ["flows"],
            `${count} ${key}`,
            `at most ${limits.data[key]} ${key} by limits.${key}; ${why}`,
            `take some out or, if Azure raised the quota, raise limits.${key}`,
            "key",
          ),
        ]
      : [],
  );
}

/** Only settings whose form is right can be added up. */
function coreProblems(text: StackText): Problem[] {
  const parsed = settingsSchema.safeParse(text.settings);
  const most = parsed.data?.limits.cores;
  if (parsed.data === undefined || most === undefined) return [];
  const { cores } = coresNeeded(parsed.data);
  return cores <= most
    ? []
    : [
        at(
          text,
          ["limits", "cores"],
          `managed deployments need ${cores} cores of quota`,
          `at most ${most} by limits.cores; Azure holds a fifth more than an arm's instances`,
          "take instances or arms away, choose smaller VMs or, if Azure raised the quota, raise limits.cores",
        ),
      ];
}
