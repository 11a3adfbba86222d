import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { Plan } from "./declared";

/** This repository as the files of a commit, and its plans. */

export const root = resolve(__dirname, "../..");

export type Files = Readonly<Record<string, string>>;

/** What no plan and no step of a pipeline reads: the command runs from this checkout. */
const unread = /^((\.ci|bench|docs|schemas|scripts|tests)\/|packages\/(?!provider\/))/;

/** Files that Git keeps, as they stand; what was added a moment ago counts too. */
export function filesOfCheckout(): Files {
  const listed = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const files: Record<string, string> = {};
  for (const path of listed.split("\0").filter((one) => one !== "" && !unread.test(one))) {
    const content = readQuietly(join(root, path));
    if (content !== undefined) files[path] = content;
  }
  return files;
}

/** A file that is listed and gone meanwhile is none. */
function readQuietly(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

/**
 * The settings of dev with the flows of prod as well, all of them serving the checkout, and gates for what the
 * stand-in of the evaluation measures.
 */
export function withTwoFlows(files: Files): Files {
  const settings = parse(files["Pulumi.dev.yaml"] as string) as {
    config: { flows: Record<string, unknown> };
  };
  settings.config.flows["support-reply"] = { arms: { blue: { version: "current", weight: 100 } } };
  const gated = ["web-classification", "support-reply"].map((flow) => {
    const path = `flows/${flow}/experiment.yaml`;
    const experiment = parse(files[path] as string) as Record<string, unknown>;
    return [path, stringify({ ...experiment, gate: { accuracy: 0.8 } })] as const;
  });
  return {
    ...files,
    "Pulumi.dev.yaml": stringify(settings, { version: "1.1" }),
    ...Object.fromEntries(gated),
  };
}

/** Writes the files into an empty folder, beside the packages of this checkout. */
export function writeRepository(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

export const command = join(root, "packages/cli/bin/genaiops.js");

export function planOf(folder: string, stack: string): Plan {
  const plan = execFileSync(
    process.execPath,
    [command, "plan", "--stack", stack, "--format", "json", "--cwd", folder],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "inherit"] },
  );
  return JSON.parse(plan) as Plan;
}
