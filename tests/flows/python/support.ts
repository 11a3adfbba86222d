import { existsSync } from "node:fs";
import path from "node:path";

export const root = path.join(__dirname, "../../..");

/** Python with the packages of packages/cli/python/requirements.txt; undefined, with a reason, where absent. */
export function managedPython(): string | undefined {
  const python = process.env.GENAIOPS_PYTHON ?? path.join(root, ".genaiops/python/bin/python");
  if (existsSync(python)) {
    return python;
  }
  console.log(
    `SKIPPED: ${python} does not exist. Make it with: python3 -m venv .genaiops/python && ` +
      ".genaiops/python/bin/pip install -r packages/cli/python/requirements.txt",
  );
  return undefined;
}
