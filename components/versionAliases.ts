import * as pulumi from "@pulumi/pulumi";

const versioned = /\/v\d{8}/;

/**
 * Keep azure-native's aliases, one for each API version of a class, out of the stack. They serve stacks
 * made with version 2 of that SDK, which this project never used, and a workspace alone carries 50 of
 * them; they cost most of the start-up time and swell the state.
 */
export function dropVersionAliases(): void {
  pulumi.runtime.registerStackTransformation(({ props, opts }) => {
    const aliases = opts.aliases?.filter((alias) => !isVersionAlias(alias));
    return aliases?.length === opts.aliases?.length
      ? undefined
      : { props, opts: { ...opts, aliases } };
  });
}

function isVersionAlias(alias: pulumi.Input<pulumi.URN | pulumi.Alias>): boolean {
  const type = (alias as pulumi.Alias).type;
  return typeof type === "string" && versioned.test(type);
}
