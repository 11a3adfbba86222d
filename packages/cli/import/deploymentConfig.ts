import { z } from "zod";
import type { TargetName } from "../../../config/targets";

/** `configs/deployment_config.json` as its users write it: numbers are numbers or texts, and names may be empty. */

export const CONFIG = "configs/deployment_config.json";

const text = z.string({ error: "a text" }).optional();

/** A whole number that may stand as a text, and may be missing there. */
function numberOrText(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}, as ${max} or "${max}"`;
  return z
    .union([z.number(), z.string()], { error })
    .refine(
      (value) => {
        const text = String(value).trim();
        return (
          text === "" || (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max)
        );
      },
      { error },
    )
    .optional();
}

const share = numberOrText(0, 100);

const instances = numberOrText(1, 50);

const amount = z.union([z.string(), z.number()], { error: "a text or a number" }).optional();

const variables = z
  .record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null()], {
      error: "a text, a number, true or false",
    }),
  )
  .optional();

const environment = z
  .string({ error: "the name of an environment" })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
    error: "the name of an environment: letters, digits, hyphens, underscores and periods",
  });

const endpoint = {
  ENV_NAME: environment,
  TEST_FILE_PATH: text,
  ENDPOINT_NAME: text,
  ENDPOINT_DESC: text,
  DEPLOYMENT_DESC: text,
  PRIOR_DEPLOYMENT_NAME: text,
  PRIOR_DEPLOYMENT_TRAFFIC_ALLOCATION: share,
  CURRENT_DEPLOYMENT_NAME: text,
  CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION: share,
  DEPLOYMENT_VM_SIZE: text,
  DEPLOYMENT_INSTANCE_COUNT: instances,
  DEPLOYMENT_CONDA_PATH: text,
  ENVIRONMENT_VARIABLES: variables,
};

const kubernetes = {
  ...endpoint,
  COMPUTE_NAME: text,
  CPU_ALLOCATION: amount,
  MEMORY_ALLOCATION: amount,
};

const webApp = {
  ENV_NAME: environment,
  TEST_FILE_PATH: text,
  CONNECTION_NAMES: z.array(z.string(), { error: "a list of names" }).optional(),
  REGISTRY_NAME: text,
  REGISTRY_RG_NAME: text,
  APP_PLAN_NAME: text,
  WEB_APP_NAME: text,
  WEB_APP_RG_NAME: text,
  WEB_APP_SKU: text,
  USER_MANAGED_ID: text,
  ENVIRONMENT_VARIABLES: variables,
};

const LIST = { error: "a list of environments" };

export const deploymentConfigSchema = z.strictObject({
  azure_managed_endpoint: z.array(z.looseObject(endpoint), LIST).optional(),
  kubernetes_endpoint: z.array(z.looseObject(kubernetes), LIST).optional(),
  webapp_endpoint: z.array(z.looseObject(webApp), LIST).optional(),
});

/** The lists of the file, what each is called here, its keys, and those whose value shows that it was filled in. */
export const LISTS = {
  azure_managed_endpoint: {
    target: "managed",
    keys: Object.keys(endpoint),
    filled: ["ENDPOINT_NAME", "CURRENT_DEPLOYMENT_NAME"],
  },
  kubernetes_endpoint: {
    target: "kubernetes",
    keys: Object.keys(kubernetes),
    filled: ["ENDPOINT_NAME", "CURRENT_DEPLOYMENT_NAME", "COMPUTE_NAME"],
  },
  webapp_endpoint: { target: "webApp", keys: Object.keys(webApp), filled: ["WEB_APP_NAME"] },
} as const satisfies Record<
  string,
  { target: TargetName; keys: readonly string[]; filled: readonly string[] }
>;

export type ListName = keyof typeof LISTS;

/** One entry of a list: where it stands and its values by key. */
export interface Entry {
  readonly list: ListName;
  readonly index: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A text without blanks around it; empty where there is none. */
export function textOf({ values }: Entry, key: string): string {
  const value = values[key];
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

/** A number that may stand as a text; undefined where there is none. */
export function numberOf(entry: Entry, key: string): number | undefined {
  const value = textOf(entry, key);
  return value === "" ? undefined : Number(value);
}

export function isFilled(entry: Entry): boolean {
  return LISTS[entry.list].filled.some((key) => textOf(entry, key) !== "");
}
