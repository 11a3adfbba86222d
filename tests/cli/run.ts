import { spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.resolve(__dirname, "../..");
export const bin = path.join(root, "packages/cli/bin/genaiops.js");

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Run the command as a user does, in a process of its own. */
export function genaiops(args: readonly string[], node: readonly string[] = []): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, bin, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}
