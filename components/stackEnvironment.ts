import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { formatProblems, ProblemsError } from "../config/problem";
import { readEnvironment } from "../config/read";

/**
 * The environment of the stack that the engine is running, from the settings the engine holds. What a user
 * can mend ends the program with its message alone, without a stack trace and before any resource.
 */
export function stackEnvironment(root: string): Environment {
  try {
    return readEnvironment({
      root,
      stack: pulumi.getStack(),
      values: pulumi.runtime.allConfig(),
    });
  } catch (error) {
    if (error instanceof ProblemsError) throw new pulumi.RunError(formatProblems(error.problems));
    throw error;
  }
}
