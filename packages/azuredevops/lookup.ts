import * as pulumi from "@pulumi/pulumi";
import { requestDefaults } from "./package";
import type { Args } from "./shape";

/** A look-up that the program waits for. */
export type LookUp<Inputs, Result> = object extends Inputs
  ? (args?: Inputs, opts?: pulumi.InvokeOptions) => Promise<Result>
  : (args: Inputs, opts?: pulumi.InvokeOptions) => Promise<Result>;

/** The same look-up for arguments that are outputs of other resources. */
export type OutputLookUp<Inputs, Result> = object extends Inputs
  ? (args?: Args<Inputs>, opts?: pulumi.InvokeOutputOptions) => pulumi.Output<Result>
  : (args: Args<Inputs>, opts?: pulumi.InvokeOutputOptions) => pulumi.Output<Result>;

/** The names of the inputs; the compiler refuses a table that differs from the interface. */
type InputNames<Inputs> = { readonly [K in keyof Inputs]-?: true };

type Bag = Record<string, unknown>;

/**
 * Makes both forms of a look-up.
 *
 * @param name of the function, `getProject`
 * @param inputs the names of its inputs
 */
export function lookUp<Inputs, Result>(
  name: string,
  inputs: InputNames<Inputs>,
): { plain: LookUp<Inputs, Result>; output: OutputLookUp<Inputs, Result> } {
  const token = `azuredevops:index/${name}:${name}`;
  const pick = (args: Bag) =>
    Object.fromEntries(Object.keys(inputs).map((input) => [input, args[input]]));
  const plain = (args: Bag = {}, opts: pulumi.InvokeOptions = {}): Promise<Result> =>
    pulumi.runtime.invoke(token, pick(args), pulumi.mergeOptions(requestDefaults(), opts));
  const output = (args: Bag = {}, opts: pulumi.InvokeOutputOptions = {}): pulumi.Output<Result> =>
    pulumi.runtime.invokeOutput(token, pick(args), pulumi.mergeOptions(requestDefaults(), opts));
  return {
    plain: plain as LookUp<Inputs, Result>,
    output: output as OutputLookUp<Inputs, Result>,
  };
}
