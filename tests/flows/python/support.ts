import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

export const root = path.join(__dirname, "../../..");

/** Python with the packages of packages/cli/python/requirements.txt; undefined, with a reason, where absent. */
export function managedPython(): string | undefined {
  const python = process.env.GENAIOPS_PYTHON ?? made();
  if (python !== undefined && existsSync(python)) return python;
  console.log(
    `SKIPPED: ${python ?? "the Python environment of this checkout"} does not exist. Make it with: npm run test:flows`,
  );
  return undefined;
}

/** What the command made for flows that need no packages of their own; others have these packages, too. */
function made(): string | undefined {
  const folder = path.join(root, ".genaiops");
  const whole = (existsSync(folder) ? readdirSync(folder) : []).filter((name) =>
    existsSync(path.join(folder, name, "complete.json")),
  );
  return whole[0] === undefined ? undefined : path.join(folder, whole[0], "bin/python");
}
