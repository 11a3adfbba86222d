import { isSecretName } from "./display";
import { record } from "./folders";
import type { Problem } from "./problem";
import type { DataPath, YamlFile } from "./source";

/**
 * Secrets in plain text in a stack's file: under `secrets`, which stands at `at`, and among the settings of
 * providers, for example `azure-native:clientSecret`.
 */
export function plainSecrets(
  file: YamlFile,
  config: Readonly<Record<string, unknown>>,
  at: DataPath,
): Problem[] {
  return [...underSecrets(file, at, record(config[String(at[1])])), ...ofProviders(file, config)];
}

function underSecrets(
  file: YamlFile,
  at: DataPath,
  secrets: Readonly<Record<string, unknown>>,
): Problem[] {
  return Object.entries(secrets).flatMap(([name, value]) => {
    if (name === "secure") {
      return [
        file.problem(at, {
          found: "all secrets are one encrypted value, so their names cannot be read",
          allowed: "names, each with a value of its own",
          mend: "set each with: pulumi config set --secret --path secrets.<name>",
        }),
      ];
    }
    return isEncrypted(value) ? [] : [plain(file, [...at, name], name, `--path secrets.${name}`)];
  });
}

function ofProviders(file: YamlFile, config: Readonly<Record<string, unknown>>): Problem[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const [namespace, name] = key.split(":");
    const isSecret = namespace !== undefined && name !== undefined && isSecretName(name);
    return isSecret && !isEncrypted(value) ? [plain(file, ["config", key], key, key)] : [];
  });
}

/** As `pulumi config set --secret` writes it. Beside another key Pulumi takes `secure` for a plain name. */
function isEncrypted(value: unknown): boolean {
  const { secure, ...others } = record(value);
  return typeof secure === "string" && Object.keys(others).length === 0;
}

function plain(file: YamlFile, at: DataPath, name: string, argument: string): Problem {
  return file.problem(at, {
    found: `the secret ${JSON.stringify(name)} is not encrypted`,
    allowed: 'a value as Pulumi writes it: {secure: "v1:…"}',
    mend: `take it out, renew the key and run: pulumi config set --secret ${argument}`,
  });
}
