import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Version of the engine built from its Go module; go.mod beside this file pins the same one. */
const ENGINE_VERSION = "v3.246.0";

/** Where the Pulumi command was found, or why there is none. */
export type Engine =
  | { readonly found: true; readonly folder: string; readonly version: string }
  | { readonly found: false; readonly reason: string };

/** Folder of the built command: per version, outside the checkout, so that one build serves every clone. */
function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "genaiops", `pulumi-${ENGINE_VERSION}`);
}

/** The Pulumi command on PATH, else the cached build. Never builds. */
export function findEngine(): Engine {
  for (const folder of [...(process.env.PATH ?? "").split(delimiter), cacheFolder()]) {
    const command = join(folder, process.platform === "win32" ? "pulumi.exe" : "pulumi");
    if (folder === "" || !existsSync(command)) continue;
    const asked = spawnSync(command, ["version"], { encoding: "utf8" });
    if (asked.status === 0) return { found: true, folder, version: asked.stdout.trim() };
  }
  return {
    found: false,
    reason: `no \`pulumi\` on PATH and none built in ${cacheFolder()}`,
  };
}

/**
 * The Pulumi command, built once from its Go module where none is found. The build takes 2 to 6 minutes
 * on two cores and is moved into the cache only when it is whole.
 *
 * @param say receives one line before a build starts
 */
export function prepareEngine(say: (line: string) => void): Engine {
  const found = findEngine();
  if (found.found) return found;
  if (spawnSync("go", ["version"]).status !== 0) {
    return { found: false, reason: `${found.reason}, and no \`go\` to build it with` };
  }
  say(`Building the Pulumi engine ${ENGINE_VERSION} from its Go module, once (2 to 6 minutes) …`);
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `pulumi.${process.pid}.part`);
  const version = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  const build = spawnSync(
    "go",
    [
      "build",
      "-mod=readonly",
      "-o",
      unfinished,
      "-ldflags",
      `-s -w -X ${version}=${ENGINE_VERSION}`,
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ],
    { cwd: __dirname, encoding: "utf8" },
  );
  if (build.status !== 0) {
    rmSync(unfinished, { force: true });
    const why = (build.stderr || String(build.error)).trim().split("\n").slice(-3).join(" / ");
    return { found: false, reason: `building ${ENGINE_VERSION} failed: ${why}` };
  }
  renameSync(unfinished, join(folder, process.platform === "win32" ? "pulumi.exe" : "pulumi"));
  return findEngine();
}
