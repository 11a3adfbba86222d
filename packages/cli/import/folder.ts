import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { compareText } from "../../../config/problem";
import type { Problem } from "../../../config/problem";
import { isInside, parseYaml } from "../../../config/source";
import type { Findings } from "./findings";
import { secretsIn, withoutSecrets } from "./secretTexts";

/** What stays behind wherever it stands, and why. */
const LEFT: readonly (readonly [RegExp, string])[] = [
  [/^(\.git|\.github|\.azure-pipelines|\.jenkins)$/, "pipelines are declared by the stack"],
  [
    /^(\.promptflow|\.runs|__pycache__|\.pytest_cache|\.ipynb_checkpoints|\.DS_Store)$/,
    "tools make it anew",
  ],
  [/^(\.venv|venv|node_modules)$|\.pyc$/, "tools make it anew"],
  [/^\.env/, "keys stand in such files"],
  [/\.(pem|pfx|p12|key)$/i, "keys stand in such files"],
];

/** What stays behind at the top of the folder alone. */
const LEFT_AT_TOP: readonly (readonly [RegExp, string])[] = [
  [/^configs$/, "its deployments are arms of the stack files"],
  [/^environment$/, "an image of the stack serves the flow"],
  [/^data_pipelines$/, "jobs on data are not part of a flow"],
];

/** Larger files are data, and no place where code or settings stand. */
const LOOKED_AT_BYTES = 20_000_000;

/** The files of a use case that come over. */
export interface SourceFiles {
  /** Paths below the folder, with forward slashes, sorted. */
  readonly files: readonly string[];
  /** New texts of those that change, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Walk the folder; what stays behind and what cannot come over is said. */
export function filesOf(folder: string, findings: Findings): SourceFiles {
  const files = walk(folder, "", findings).sort(compareText);
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = withoutKeys(folder, file, findings);
    if (text !== undefined) texts.set(file, text);
  }
  return { files, texts };
}

function walk(folder: string, under: string, findings: Findings): string[] {
  const entries = readdirSync(path.join(folder, under), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const relative = under === "" ? entry.name : `${under}/${entry.name}`;
    const rules = under === "" ? [...LEFT, ...LEFT_AT_TOP] : LEFT;
    const why =
      rules.find(([pattern]) => pattern.test(entry.name))?.[1] ??
      (/(^|\/)docker\/dockerfile$/i.test(relative)
        ? "an image of the stack serves the flow"
        : undefined);
    if (why !== undefined) {
      findings.left.push({ file: `${relative}${entry.isDirectory() ? "/" : ""}`, why });
      return [];
    }
    if (entry.isDirectory()) return walk(folder, relative, findings);
    if (entry.isSymbolicLink() ? isFileInside(folder, relative) : entry.isFile()) return [relative];
    findings.problems.push(
      at(relative, {
        found: entry.isSymbolicLink()
          ? "a symbolic link to nothing, to a folder or out of the folder"
          : "neither a file nor a folder",
        allowed: "files, and links to files inside the folder",
        mend: "copy what it leads to, or remove it",
      }),
    );
    return [];
  });
}

function isFileInside(folder: string, link: string): boolean {
  try {
    const target = realpathSync.native(path.join(folder, link));
    return isInside(realpathSync.native(folder), target) && statSync(target).isFile();
  } catch {
    return false;
  }
}

/** The text of a file with secrets in it, without them; undefined where it comes over as it is. */
function withoutKeys(folder: string, file: string, findings: Findings): string | undefined {
  const absolute = path.join(folder, file);
  if (/\.jsonl$/i.test(file) || statSync(absolute).size > LOOKED_AT_BYTES) return undefined;
  const bytes = readFileSync(absolute);
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  const places = secretsIn(file, text);
  if (places.length === 0) return undefined;
  for (const { from, key } of places) {
    const before = text.slice(0, from).split("\n");
    const place = { line: before.length, column: (before.at(-1) as string).length + 1 };
    if (key === undefined) {
      findings.problems.push({
        ...at(file, {
          found: "what stands here looks like a secret",
          allowed: "no secret is copied, and code cannot be changed for you",
          mend: "read it from a connection or the environment, and renew the key",
        }),
        ...place,
      });
    } else {
      findings.changed.push({
        ...at(file, {
          found: `the value of ${key} looks like a secret`,
          allowed: "no secret stands in a file",
          mend: "a placeholder stands in its place; renew the key",
        }),
        ...place,
      });
    }
  }
  return places.some(({ key }) => key === undefined) ? undefined : withoutSecrets(text, places);
}

function at(file: string, fault: Pick<Problem, "found" | "allowed" | "mend">): Problem {
  return parseYaml(file, "").problem([], fault);
}
