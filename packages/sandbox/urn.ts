/** The project and stack that a URN belongs to. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

export const STACK_TYPE = "pulumi:pulumi:Stack";

export function stackUrn({ project, stack }: StackName): string {
  return `urn:pulumi:${stack}::${project}::${STACK_TYPE}::${project}-${stack}`;
}

/** URN as the engine composes it: its type follows the types of all its parents but the stack. */
export function urnOf(
  { project, stack }: StackName,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const parentType = parent?.split("::")[2];
  const types = parentType && parentType !== STACK_TYPE ? `${parentType}$${type}` : type;
  return `urn:pulumi:${stack}::${project}::${types}::${name}`;
}
