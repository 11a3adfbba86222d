import { rmSync } from "node:fs";
import {
  copyOfProgram,
  previewAsUser,
  programOfOneResource,
} from "../tests/engine/support/project";
import { report } from "./child";

/** One first preview by `pulumi preview`, of `dev` or of a program with one resource group. */
async function main(what: string): Promise<void> {
  const root = what === "dev" ? copyOfProgram() : programOfOneResource();
  const { seconds, output } = await previewAsUser(root);
  rmSync(root, { recursive: true, force: true });
  report({ seconds, resources: Number(/\+ (\d+) to create/.exec(output)?.[1]) });
  process.exit(0);
}

void main(process.argv[2] ?? "dev");
