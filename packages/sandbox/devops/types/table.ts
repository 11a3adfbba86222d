import type { DevOpsType, Types } from "../type";
import { checkTypes } from "./checks";
import { connectionTypes } from "./connection";
import { libraryTypes } from "./library";
import { peopleTypes } from "./people";
import { permissionTypes } from "./permissions";
import { pipelineTypes } from "./pipelines";
import { policyTypes } from "./policies";
import { projectTypes } from "./project";
import { repositoryTypes } from "./repository";

/** Every type of the azuredevops provider that the sandbox knows, by class name. */
export const devOpsTypes: Types = {
  ...projectTypes,
  ...repositoryTypes,
  ...policyTypes,
  ...connectionTypes,
  ...libraryTypes,
  ...checkTypes,
  ...pipelineTypes,
  ...permissionTypes,
  ...peopleTypes,
};

/** `azuredevops:index/project:Project` is `Project`. */
export function kindOf(token: string): string {
  return token.split(":").at(-1) ?? token;
}

/** Throws where the sandbox does not simulate the type. */
export function devOpsType(token: string): DevOpsType {
  const type = devOpsTypes[kindOf(token)];
  if (!type)
    throw new Error(
      `the sandbox does not simulate ${token}; packages/sandbox/devops/types has the known ones`,
    );
  return type;
}
