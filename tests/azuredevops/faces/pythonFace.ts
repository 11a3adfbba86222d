import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Face } from "./face";

export const pythonPackage = "pulumi-azuredevops==3.16.2";

const cache = path.resolve(__dirname, "../../../node_modules/.cache/azuredevops-python-3.16.2");

export interface PythonFace extends Face {
  readonly tokens: Record<string, string>;
}

/**
 * The public Python SDK of the same provider, fetched once, or why it cannot be had. One that was fetched
 * and cannot be read is an error.
 */
export function readPythonFace(): { face: PythonFace } | { absent: string } {
  try {
    python("--version");
    if (!fs.existsSync(cache)) fetchPackage();
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return { absent: (stderr || message).trim().split("\n").at(-1) ?? message };
  }
  const script = path.join(__dirname, "face.py");
  return { face: JSON.parse(python(script, path.join(cache, "pulumi_azuredevops"))) as PythonFace };
}

/** The cache appears whole or not at all. */
function fetchPackage(): void {
  const unfinished = `${cache}.${process.pid}.part`;
  const wheels = path.join(unfinished, "wheels");
  fs.mkdirSync(wheels, { recursive: true });
  const quick = ["--retries", "1", "--timeout", "15", "--disable-pip-version-check"];
  const wheelOnly = ["--quiet", "--no-deps", "--only-binary", ":all:"];
  try {
    python("-m", "pip", "download", ...wheelOnly, ...quick, "-d", wheels, pythonPackage);
    for (const wheel of fs.readdirSync(wheels)) {
      python("-m", "zipfile", "-e", path.join(wheels, wheel), unfinished);
    }
    fs.renameSync(unfinished, cache);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

function python(...args: string[]): string {
  return execFileSync("python3", args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
  });
}
