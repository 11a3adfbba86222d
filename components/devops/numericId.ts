import type * as pulumi from "@pulumi/pulumi";

/**
 * The id of a pipeline as the number that other resources take. Ids travel as text; in a plan made without
 * the service the text is a reference such as `${<urn>.id}`, which is no number and stays what it is.
 */
export function numericId({ id }: pulumi.CustomResource): pulumi.Output<number> {
  return id.apply((text) => (/^\d+$/.test(text) ? Number(text) : (text as unknown as number)));
}
