import type * as pulumi from "@pulumi/pulumi";

/**
 * A resource is described once, by two plain interfaces: what a program sets, and what the service
 * always answers. The types below derive from them what a caller sees: arguments, outputs, state.
 */

type Plain = string | number | boolean | undefined;

/** A value in which every part, at any depth, may be the output of another resource. */
export type InputShape<T> = T extends Plain
  ? T
  : T extends readonly (infer Item)[]
    ? pulumi.Input<InputShape<Item>>[]
    : { [K in keyof T]: pulumi.Input<InputShape<T[K]>> };

/** The arguments of a resource, from what a program sets on it. */
export type Args<Inputs> = { [K in keyof Inputs]: pulumi.Input<InputShape<Inputs[K]>> };

/** Everything that is known of a resource once it exists: answers take precedence over inputs. */
export type Properties<Inputs, Answers> = Omit<Inputs, keyof Answers> & Answers;

/** The outputs of a resource: every property is there, unset ones hold `undefined`. */
export type Outputs<Inputs, Answers> = {
  readonly [K in keyof Properties<Inputs, Answers>]-?: pulumi.Output<
    Properties<Inputs, Answers>[K]
  >;
};

/** What may be given to `get` in order to qualify a look-up by id. */
export type State<Inputs, Answers> = Partial<Args<Properties<Inputs, Answers>>>;

/** How a property takes part: an input that must be given, one that may be, or an output only. */
export type Role = "required" | "optional" | "computed";

/** The role of every property; the compiler refuses a table that differs from the interfaces. */
export type Roles<Inputs, Answers> = {
  readonly [K in keyof Inputs]-?: object extends Pick<Inputs, K> ? "optional" : "required";
} & { readonly [K in Exclude<keyof Answers, keyof Inputs>]-?: "computed" };
