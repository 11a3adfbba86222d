import { ProblemsError } from "../../../config/problem";
import { CommandError, EXIT } from "../exit";
import type { Prepared } from "./prepare";
import { missingConnection } from "./prepare";
import { WorkerError } from "./worker";

/** Where the values of connections can be mended. */
export const MEND = {
  local: "correct the value in .env or in the environment",
  cloud:
    "correct the connection under `connections` of the stack's settings, or the rights of the job's identity",
} as const;

/** What stopped prompt flow, said at the place where it can be mended. */
export function located(
  error: unknown,
  { experiment, file }: Prepared,
  where: string,
  mend: string = MEND.local,
): unknown {
  if (!(error instanceof WorkerError)) return error;
  const index = experiment.connections.findIndex(({ name }) => name === error.message);
  if (error.kind === "missing-connection" && index >= 0) {
    const variable = `${error.message.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_API_KEY`;
    return new ProblemsError([missingConnection(file, index, error.message, variable)]);
  }
  if (error.kind === "missing-connection" || error.kind === "connection") {
    const found =
      error.kind === "connection"
        ? `the model refused: ${error.message}`
        : `the flow uses the connection ${JSON.stringify(error.message)}`;
    return new ProblemsError([
      file.problem(["connections"], {
        found,
        allowed: "connections whose address, key and model deployment work",
        mend: `${mend}, then start again (stopped in ${where})`,
      }),
    ]);
  }
  return new CommandError(`${experiment.flow}: ${where}: ${error.message}`, EXIT.failed);
}
