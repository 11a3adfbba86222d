import { existsSync } from "node:fs";
import path from "node:path";

/** How a container starts, with its paths led back to the folder that its image is built from. */
export interface ContainerStart {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface Copied {
  readonly source: string;
  readonly target: string;
}

/**
 * The start command and variables of the last stage of a Dockerfile. What was copied into the image is found
 * in `folder`. Undefined where no command is named.
 */
export function containerStart(text: string, folder: string): ContainerStart | undefined {
  let copies: Copied[] = [];
  let environment: Record<string, string> = {};
  let workdir = "/";
  let entrypoint: string[] = [];
  let command: string[] = [];
  for (const [instruction, rest] of instructions(text)) {
    if (instruction === "FROM") [copies, environment, workdir] = [[], {}, "/"];
    else if (instruction === "WORKDIR") workdir = path.posix.resolve(workdir, rest);
    else if (instruction === "ENV") environment = { ...environment, ...variables(rest) };
    else if (instruction === "COPY" || instruction === "ADD")
      copies = [...copies, ...copied(rest, workdir)];
    else if (instruction === "ENTRYPOINT") entrypoint = words(rest);
    else if (instruction === "CMD") command = words(rest);
  }
  const all = [...entrypoint, ...command];
  if (all.length === 0) return undefined;
  return { command: all.map((word) => ledBack(word, copies, folder)), environment };
}

/** Instruction and arguments of each line; comments left out, continued lines joined. */
function instructions(text: string): [string, string][] {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replace(/\\[ \t]*\n/g, " ")
    .split("\n");
  return lines.flatMap((line) => {
    const [, name, rest] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || rest === undefined ? [] : [[name.toUpperCase(), rest]];
  });
}

/** The exec form is a JSON list; anything else is a line for the shell. */
function words(rest: string): string[] {
  if (rest.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(rest);
      if (Array.isArray(list)) return list.map(String);
    } catch {
      // Docker takes a broken list for a line of the shell, too.
    }
  }
  return ["/bin/sh", "-c", rest];
}

function variables(rest: string): Record<string, string> {
  const pairs = [...rest.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|\S*)/g)];
  return Object.fromEntries(
    pairs.map(([, name = "", value = ""]) => [name, value.replace(/^"(.*)"$/, "$1")]),
  );
}

function copied(rest: string, workdir: string): Copied[] {
  if (/--from=/.test(rest)) return [];
  const listed = rest.startsWith("[") ? words(rest) : rest.split(/\s+/);
  const names = listed.filter((word) => !word.startsWith("--"));
  const target = names.pop();
  if (target === undefined) return [];
  const place = path.posix.resolve(workdir, target);
  const isFolder = target.endsWith("/") || target === "." || names.length > 1;
  return names.map((source) => ({
    source,
    target:
      isFolder && source !== "." ? path.posix.join(place, path.posix.basename(source)) : place,
  }));
}

/** A path of the image as the path it was copied from; any other word as it is. */
function ledBack(word: string, copies: readonly Copied[], folder: string): string {
  if (!word.startsWith("/")) return word;
  for (const { source, target } of [...copies].reverse()) {
    const inside = path.posix.relative(target, word);
    if (inside.startsWith("..")) continue;
    const file = path.join(folder, source, inside);
    if (existsSync(file)) return file;
  }
  return word;
}
