import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { bin, root, type Run } from "../run";

/** Run the command as a user does, while this process goes on serving what the command asks. */
export async function genaiopsBeside(
  args: readonly string[],
  environment: Record<string, string> = {},
  onStart: (interrupt: () => void) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  onStart(() => child.kill("SIGINT"));
  const code = new Promise<number | null>((done) => child.once("close", done));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}
