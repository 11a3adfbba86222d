import { holdsSecret, quote } from "./display";
import { record } from "./folders";
import { armImageProblems } from "./imageChecks";
import type { Problem } from "./problem";
import type { ExperimentReading } from "./readExperiment";
import type { ArmSettings } from "./settings";
import type { DataPath } from "./source";
import { at } from "./stackProblem";
import type { StackText } from "./stackFile";
import { orListing } from "./suggest";
import { REQUEST_SECONDS, type TargetName } from "./targets";
import { MODEL_VERSION_VARIABLE } from "./webAppSettings";

/**
 * Longest time a request may take on a managed endpoint where the model is no prompt flow: DOC/how-to-manage-quotas.md
 */
const CONTAINER_SECONDS = 180;

/** Variables of the serving contract, which the platform sets itself. */
export const RESERVED_VARIABLES: readonly string[] = [
  "AZURE_CLIENT_ID",
  "GENAIOPS_ARM",
  "GENAIOPS_MODEL_STORE",
  "GENAIOPS_MODEL_URI",
  MODEL_VERSION_VARIABLE,
  "GENAIOPS_VARIANT",
  "PROMPTFLOW_RUN_MODE",
  "PROMPTFLOW_SERVING_ENGINE",
  "PRT_CONFIG_OVERRIDE",
  "WEBSITES_CONTAINER_START_TIME_LIMIT",
  "WEBSITES_ENABLE_APP_SERVICE_STORAGE",
  "WEBSITES_PORT",
];

/** Everything about one arm that goes beyond the form of single values. */
export function armProblems(
  text: StackText,
  stack: string,
  under: DataPath,
  target: TargetName,
  arm: ArmSettings,
  reading: ExperimentReading | undefined,
): Problem[] {
  const defaults = record(text.settings.armDefaults);
  return [
    ...versionProblems(text, stack, under, arm),
    ...armImageProblems(text, under, arm),
    ...variantProblems(text, under, arm, reading),
    ...environmentProblems(text, under, target, arm),
    ...timeoutProblems(text, under, target, arm, defaults.requestTimeoutSeconds, reading),
  ];
}

/** A stack that ships only what was approved or counted: `prod`, and every protected one. */
export function isProduction(stack: string, settings: { readonly protect?: unknown }): boolean {
  return stack === "prod" || settings.protect === true;
}

function versionProblems(text: StackText, stack: string, under: DataPath, arm: ArmSettings) {
  if (arm.version !== "current") return [];
  const { from } = record(text.settings.promotion);
  const where =
    typeof from === "string"
      ? `a stack that takes its versions from ${from}`
      : stack === "prod"
        ? "prod"
        : text.settings.protect === true
          ? "a protected stack"
          : undefined;
  return where === undefined
    ? []
    : [
        at(
          text,
          [...under, "version"],
          `version is "current" in ${where}`,
          "a version number or approved",
          "write approved, or the number of a registered version",
        ),
      ];
}

function variantProblems(
  text: StackText,
  under: DataPath,
  arm: ArmSettings,
  reading: ExperimentReading | undefined,
): Problem[] {
  if (arm.variant === undefined || reading?.experiment === undefined) {
    return [];
  }
  const place = [...under, "variant"];
  if (reading.dag === undefined) {
    return [
      at(
        text,
        place,
        `variant ${quote(arm.variant)} of a ${reading.experiment.kind} flow`,
        "only a DAG flow has variants",
        "remove the line; use environment for differences between arms",
      ),
    ];
  }
  if (reading.dag.problems.length > 0) {
    return [];
  }
  const known = Object.entries(reading.dag.variants).flatMap(([node, variants]) =>
    variants.map((variant) => `${node}.${variant}`),
  );
  return known.includes(arm.variant)
    ? []
    : [
        at(
          text,
          place,
          `unknown variant ${quote(arm.variant)}`,
          `a variant in ${reading.dag.file.file}`,
          orListing(arm.variant, known.sort(), "add it under node_variants"),
        ),
      ];
}

/** Resolved by App Service alone: learn.microsoft.com/azure/app-service/app-service-key-vault-references */
const VAULT_REFERENCE = /^@Microsoft\.KeyVault\(/i;
const WHOLE_REFERENCE =
  /^@Microsoft\.KeyVault\((SecretUri=https:\/\/[^;)\s]+\/secrets\/[^;)\s]+|VaultName=[^;)\s]+;SecretName=[^;)\s]+(;SecretVersion=[^;)\s]+)?)\)$/i;

function environmentProblems(
  text: StackText,
  under: DataPath,
  target: TargetName,
  arm: ArmSettings,
): Problem[] {
  return Object.entries(arm.environment).flatMap(([name, value]) => {
    const place = [...under, "environment", name];
    if (RESERVED_VARIABLES.includes(name)) {
      return [
        at(
          text,
          place,
          `the variable ${name} is set by the platform`,
          "variables of your own",
          "remove the line",
          "key",
        ),
      ];
    }
    if (VAULT_REFERENCE.test(value)) {
      if (target === "webApp") {
        return WHOLE_REFERENCE.test(value)
          ? []
          : [
              at(
                text,
                place,
                `the variable ${name} is a reference to a key vault that App Service cannot resolve`,
                "@Microsoft.KeyVault(VaultName=…;SecretName=…) or @Microsoft.KeyVault(SecretUri=https://…)",
                "write one of the two",
              ),
            ];
      }
      return [
        at(
          text,
          place,
          `the variable ${name} is a reference to a key vault`,
          "references on a Web App alone; elsewhere the container would get this very text",
          "put the key under secrets and use a connection",
        ),
      ];
    }
    return holdsSecret(name, value)
      ? [
          at(
            text,
            place,
            `the variable ${name} holds what looks like a secret`,
            "no secret stands in a file",
            "put the key under secrets and use a connection",
          ),
        ]
      : [];
  });
}

function timeoutProblems(
  text: StackText,
  under: DataPath,
  target: TargetName,
  arm: ArmSettings,
  usual: unknown,
  reading: ExperimentReading | undefined,
): Problem[] {
  // A Web App has no such setting, whatever the number: config/targets.ts.
  const own = target === "webApp" ? undefined : arm.requestTimeoutSeconds;
  const seconds = own ?? usual;
  const container = target === "managed" && reading?.experiment?.kind === "container";
  const most = container ? CONTAINER_SECONDS : REQUEST_SECONDS[target];
  return typeof seconds === "number" && seconds > most
    ? [
        at(
          text,
          own === undefined
            ? ["armDefaults", "requestTimeoutSeconds"]
            : [...under, "requestTimeoutSeconds"],
          `a request may take ${seconds} seconds in an arm of a ${container ? "container" : target} flow`,
          container
            ? `at most ${most}; up to ${REQUEST_SECONDS[target]} only for a prompt flow model`
            : `at most ${most}`,
          `lower it to ${most} or less`,
        ),
      ]
    : [];
}
