import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A variable that a script sets: learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands. */
export interface SetVariable {
  readonly name: string;
  readonly value: string;
  readonly output: boolean;
  readonly secret: boolean;
}

export interface ScriptResult {
  readonly exitCode: number;
  /** Both streams as they came. */
  readonly text: string;
  readonly set: readonly SetVariable[];
}

/** Runs a script as an agent on Linux does: bash without profiles, on a file. */
export async function runScript(options: {
  readonly script: string;
  readonly folder: string;
  readonly temporary: string;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<ScriptResult> {
  const file = join(mkdtempSync(join(options.temporary, "step-")), "script.sh");
  writeFileSync(file, `${options.script}\n`);
  const child = spawn("bash", ["--noprofile", "--norc", file], {
    cwd: options.folder,
    env: { ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const collect = (chunk: Buffer) => void (text += chunk.toString("utf8"));
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  return { exitCode, text, set: setVariables(text) };
}

export function setVariables(text: string): SetVariable[] {
  return [...text.matchAll(/^##vso\[task\.setvariable ([^\]]*)\](.*)$/gim)].flatMap(
    ([, properties = "", value = ""]) => {
      const given = Object.fromEntries(
        properties
          .split(";")
          .map((one) => one.split("=") as [string, string | undefined])
          .map(([key, is]) => [key.trim().toLowerCase(), is?.trim() ?? ""]),
      );
      const { variable: name, isoutput, issecret } = given;
      const on = (flag: string | undefined) => flag?.toLowerCase() === "true";
      return name ? [{ name, value, output: on(isoutput), secret: on(issecret) }] : [];
    },
  );
}
