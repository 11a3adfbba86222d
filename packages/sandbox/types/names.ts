import type { NameRule } from "./type";

/**
 * Name rules that several types share: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export const nameRules = "Azure resource name rules";

/** Letters, digits, hyphens and underscores. */
export function wordName(min: number, max: number): NameRule {
  return {
    min,
    max,
    pattern: /^[A-Za-z0-9][-\w]*$/,
    says: "letters, digits, hyphens and underscores, starting with a letter or digit",
    source: nameRules,
  };
}
