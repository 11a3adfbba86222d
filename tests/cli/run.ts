import { spawn, spawnSync } from "node:child_process";
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

/** The same while this process goes on, for example serving Azure; the variables come on top of its own. */
export function genaiopsBeside(
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Run> {
  const child = spawn(process.execPath, [bin, ...args], { env: { ...process.env, ...variables } });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => (out += text));
  child.stderr.on("data", (text) => (err += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}
