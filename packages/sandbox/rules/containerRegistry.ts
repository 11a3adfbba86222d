import { valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/** Features by SKU: learn.microsoft.com/azure/container-registry/container-registry-skus */
const premiumOnly: Rule = ({ body }) => {
  if (String(valueAt(body, "sku.name")).toLowerCase() === "premium") return undefined;
  const uses = [
    ["networkRuleSet", valueAt(body, "properties.networkRuleSet") !== undefined],
    [
      "publicNetworkAccess Disabled",
      valueAt(body, "properties.publicNetworkAccess") === "Disabled",
    ],
    ["zoneRedundancy", valueAt(body, "properties.zoneRedundancy") === "Enabled"],
    ["dataEndpointEnabled", valueAt(body, "properties.dataEndpointEnabled") === true],
    [
      "policies.retentionPolicy",
      valueAt(body, "properties.policies.retentionPolicy.status") === "enabled",
    ],
    [
      "policies.exportPolicy",
      valueAt(body, "properties.policies.exportPolicy.status") === "disabled",
    ],
  ].flatMap(([name, used]) => (used ? [String(name)] : []));
  return uses.length > 0
    ? refuse(
        400,
        "SkuNotSupported",
        `${uses.join(", ")} needs a registry of SKU Premium, found ${String(valueAt(body, "sku.name"))}.`,
      )
    : undefined;
};

const anonymousPull: Rule = ({ body }) =>
  valueAt(body, "properties.anonymousPullEnabled") === true &&
  String(valueAt(body, "sku.name")).toLowerCase() === "basic"
    ? refuse(
        400,
        "SkuNotSupported",
        "anonymousPullEnabled needs a registry of SKU Standard or Premium.",
      )
    : undefined;

/** learn.microsoft.com/azure/container-registry/data-loss-prevention: export can be off only without public access. */
const exportPolicy: Rule = ({ body }) =>
  valueAt(body, "properties.policies.exportPolicy.status") === "disabled" &&
  valueAt(body, "properties.publicNetworkAccess") !== "Disabled"
    ? refuse(
        400,
        "ExportPolicyInvalid",
        "exportPolicy can be disabled only where publicNetworkAccess is Disabled.",
      )
    : undefined;

export const registryRules: readonly Rule[] = [premiumOnly, anonymousPull, exportPolicy];
