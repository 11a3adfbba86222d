import * as pulumi from "@pulumi/pulumi";

/** Reads a named secret of the stack's settings; its value exists as a Pulumi secret alone. */
export type Secret = (name: string) => pulumi.Output<string>;

/** The secrets of a stack, each written by `pulumi config set --secret --path secrets.<name>`. */
export function secretsOf(project: string): Secret {
  const config = new pulumi.Config(project);
  return (name) =>
    config
      .requireSecretObject<Record<string, string>>("secrets")
      .apply((secrets) => secrets[name] as string);
}
