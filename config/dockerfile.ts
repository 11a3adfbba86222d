import { readFileSync } from "node:fs";
import path from "node:path";
import { quote } from "./display";
import type { Problem } from "./problem";

/** A word of a Dockerfile that names an image, and where it stands. */
interface ImageWord {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Stands for a name by digest that is known only when the image is built; in no file. */
const HANDED_OVER = "\0";

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * Every image that a Dockerfile begins a stage with, copies from, mounts or is read by (`# syntax=`) must be named
 * by digest: a tag can move, and then equal bytes here would give another image tomorrow. Stages of the file and
 * `scratch` need none (docs.docker.com/build/building/best-practices/#pin-base-image-versions). The argument
 * `handedOver` is such a name too: the stack gives it to the build.
 */
export function baseImageProblems(root: string, file: string, handedOver?: string): Problem[] {
  const text = readFileSync(path.join(root, file), "utf8").replace(/^\uFEFF/, "");
  return imagesOf(text, handedOver)
    .filter(({ text: image }) => image.toLowerCase() !== "scratch" && !BY_DIGEST.test(image))
    .map(({ text: image, line, column }) => ({
      file,
      line,
      column,
      path: "",
      found: `the image ${quote(image)} is not named by digest`,
      allowed: "<image>@sha256:<64 hexadecimal digits>; a tag can move to other bytes",
      mend: `write the digest that \`docker buildx imagetools inspect ${image.split("@")[0]}\` prints`,
    }));
}

/** Images from outside of the file, with the defaults of the arguments above its first stage. */
function imagesOf(text: string, handedOver?: string): ImageWord[] {
  const found: ImageWord[] = directivesOf(text).filter(({ name }) => name === "syntax");
  const stages = new Set<string>();
  const defaults = new Map<string, string>();
  for (const { line, first, text: instruction } of instructionsOf(text)) {
    if (stages.size === 0) {
      for (const [name, value] of argumentsOf(instruction)) {
        const given = name === handedOver ? HANDED_OVER : value && expand(value, defaults);
        if (given !== undefined) defaults.set(name, given);
      }
    }
    for (const { word, numbered } of imageWords(instruction)) {
      // A word on a later line of a long instruction is told at the instruction's beginning.
      const column = Math.max(0, first.indexOf(word)) + 1;
      const image = expand(word, defaults);
      const known = stages.has(image.toLowerCase()) || (numbered && /^\d+$/.test(image));
      if (!known && image !== HANDED_OVER) {
        found.push({ text: image.includes(HANDED_OVER) ? word : image, line, column });
      }
    }
    const stage = STAGE.exec(instruction);
    if (stage) stages.add((stage[2] ?? `stage ${stages.size}`).toLowerCase());
  }
  return found;
}

const STAGE = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i;

/** Words of one instruction that name an image or a stage; `COPY --from` also takes the number of one. */
function imageWords(instruction: string): { readonly word: string; readonly numbered: boolean }[] {
  const stage = STAGE.exec(instruction)?.[1];
  if (stage !== undefined) return [{ word: stage, numbered: false }];
  const from = /^\s*COPY\s/i.test(instruction)
    ? /\s--from=(\S+)/g
    : /^\s*RUN\s/i.test(instruction)
      ? /\s--mount=(?:\S*,)?from=([^\s,]+)/g
      : undefined;
  if (from === undefined) return [];
  return [...instruction.matchAll(from)].map(([, word = ""]) => ({ word, numbered: true }));
}

/** The names that an ARG declares, several in one, with their defaults. */
function argumentsOf(instruction: string): [name: string, value: string | undefined][] {
  const rest = /^\s*ARG\s+(.*)$/i.exec(instruction)?.[1] ?? "";
  return [...rest.matchAll(/(\w+)(?:=(?:"([^"]*)"|'([^']*)'|(\S*)))?/g)].map(
    ([, name = "", double, single, bare]) => [name, double ?? single ?? bare],
  );
}

/** Variables replaced as `FROM` does: docs.docker.com/reference/dockerfile/#environment-replacement */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g,
    (whole, braced?: string, otherwise?: string, bare?: string) =>
      values.get(braced ?? bare ?? "") ?? otherwise ?? whole,
  );
}

/** Comments at the very top that the parser reads: docs.docker.com/reference/dockerfile/#parser-directives */
function directivesOf(text: string): (ImageWord & { readonly name: string })[] {
  const found: (ImageWord & { readonly name: string })[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, name, value] = /^\s*#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) break;
    const column = line.indexOf(value) + 1;
    found.push({ name: name.toLowerCase(), text: value, line: index + 1, column });
  }
  return found;
}

export interface Instruction {
  /** Number of its first line. */
  readonly line: number;
  /** That line. */
  readonly first: string;
  /** All of it, in one line. */
  text: string;
}

/** Instructions without comments and the bodies of here-documents, each with its first line's number. */
export function instructionsOf(text: string): Instruction[] {
  const escape = directivesOf(text).find(({ name }) => name === "escape")?.text;
  const continued = escape === "`" ? /`\s*$/ : /\\\s*$/;
  const instructions: Instruction[] = [];
  let bodies: ((line: string) => boolean)[] = [];
  let goesOn = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [ends] = bodies;
    if (ends !== undefined) {
      if (ends(line)) bodies = bodies.slice(1);
      continue;
    }
    if (/^\s*#/.test(line)) continue;
    const part = line.replace(continued, "");
    if (goesOn) (instructions.at(-1) as Instruction).text += ` ${part}`;
    else instructions.push({ line: index + 1, first: line, text: part });
    goesOn = continued.test(line);
    if (!goesOn) bodies = hereDocuments((instructions.at(-1) as Instruction).text);
  }
  return instructions;
}

/** How each here-document of an instruction ends: docs.docker.com/reference/dockerfile/#here-documents */
function hereDocuments(instruction: string): ((line: string) => boolean)[] {
  if (!/^\s*(?:RUN|COPY|ADD)\s/i.test(instruction)) return [];
  return [...instruction.matchAll(/(?<=\s)\d*<<(-?)(["']?)([^\s<"']+)\2(?=\s|$)/g)].map(
    ([, dash, , word]) =>
      (line) =>
        (dash === "-" ? line.replace(/^\t+/, "") : line) === word,
  );
}
