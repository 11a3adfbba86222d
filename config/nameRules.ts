/**
 * The rules that Azure sets for the name of each type: length and characters.
 * Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, and for online
 * endpoints DOC/how-to-manage-quotas.md. `unique` says how far a name must be the only one.
 */
export const NAME_RULES = {
  resourceGroup: {
    pattern: /^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/,
    says: "1 to 90 letters, digits, underscores, parentheses, hyphens and periods, not ending with a period",
    max: 90,
    unique: "subscription",
  },
  logAnalytics: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    says: "4 to 63 letters, digits and hyphens, starting and ending with a letter or digit",
    max: 63,
    unique: "resource group",
  },
  applicationInsights: {
    pattern: /^[A-Za-z0-9_().-]{0,254}[A-Za-z0-9_()-]$/,
    says: "1 to 255 letters, digits, underscores, parentheses, hyphens and periods, not ending with a period",
    max: 255,
    unique: "resource group",
  },
  storage: {
    pattern: /^[a-z0-9]{3,24}$/,
    says: "3 to 24 lower-case letters and digits",
    max: 24,
    unique: "Azure",
  },
  keyVault: {
    pattern: /^(?=.{3,24}$)[A-Za-z](-?[A-Za-z0-9])+$/,
    says: "3 to 24 letters, digits and single hyphens, starting with a letter and ending with a letter or digit",
    max: 24,
    unique: "Azure",
  },
  containerRegistry: {
    pattern: /^[A-Za-z0-9]{5,50}$/,
    says: "5 to 50 letters and digits",
    max: 50,
    unique: "Azure",
  },
  workspace: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
    says: "3 to 33 letters, digits, hyphens and underscores, starting with a letter or digit",
    max: 33,
    unique: "resource group",
  },
  machineLearningRegistry: {
    // The API takes 33 (swagger machineLearningServices.json, registryName), DOC/how-to-manage-registries.md 32.
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,31}$/,
    says: "3 to 32 letters, digits, hyphens and underscores, starting with a letter or digit",
    max: 32,
    unique: "Azure",
  },
  openAI: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{0,62}[A-Za-z0-9]$/,
    says: "2 to 64 letters, digits and hyphens, starting and ending with a letter or digit",
    max: 64,
    unique: "Azure",
  },
  compute: {
    // Shorter than the API's own 24 (swagger machineLearningServices.json, computeName), and with its ending.
    pattern: /^(?=.{3,16}$)(?!.*-\d+$)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$/,
    says: "3 to 16 letters, digits and hyphens, starting with a letter, ending with a letter or digit and not with a hyphen and digits",
    max: 16,
    unique: "workspace",
  },
  identity: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    says: "3 to 128 letters, digits, hyphens and underscores, starting with a letter or digit",
    max: 128,
    unique: "resource group",
  },
  endpoint: {
    pattern: /^(?=.{3,32}$)[a-z](-?[a-z0-9])*$/,
    says: "3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit",
    max: 32,
    unique: "region",
  },
  connection: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
    says: "3 to 33 letters, digits, hyphens and underscores, starting with a letter or digit",
    max: 33,
    unique: "workspace",
  },
} as const satisfies Record<string, NameRule>;

export interface NameRule {
  readonly pattern: RegExp;
  /** The rule in words, for messages. */
  readonly says: string;
  readonly max: number;
  readonly unique: "Azure" | "region" | "subscription" | "resource group" | "workspace";
}

export type NamedKind = keyof typeof NAME_RULES;

export function isLegalName(kind: NamedKind, name: string): boolean {
  return NAME_RULES[kind].pattern.test(name);
}
