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
 * Every image that a Dockerfile begins a stage with, or copies from, must be named by digest: a tag can move,
 * and then equal bytes here would give another image tomorrow. Stages of the file and `scratch` need none
 * (docs.docker.com/build/building/best-practices/#pin-base-image-versions). The argument `handedOver` is such a
 * name too: the stack gives it to the build.
 */
export function baseImageProblems(root: string, file: string, handedOver?: string): Problem[] {
  const text = readFileSync(path.join(root, file), "utf8");
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
  const found: ImageWord[] = [];
  const stages = new Set<string>();
  const defaults = new Map<string, string>();
  for (const { line, first, text: instruction } of instructionsOf(text)) {
    const argument = /^\s*ARG\s+(\w+)(?:=(?:"([^"]*)"|(\S*)))?/i.exec(instruction);
    if (argument && stages.size === 0) {
      const [, name = "", quoted, bare] = argument;
      const value = name === handedOver ? HANDED_OVER : (quoted ?? bare);
      if (value !== undefined) defaults.set(name, value);
    }
    const stage = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(instruction);
    const copied = /^\s*COPY\s.*?--from=(\S+)/i.exec(instruction);
    const word = stage?.[1] ?? copied?.[1];
    if (word === undefined) continue;
    // A word on a later line of a long instruction is told at the instruction's beginning.
    const column = Math.max(0, first.indexOf(word)) + 1;
    const image = word.replace(
      /\$\{(\w+)\}|\$(\w+)/g,
      (whole, braced: string, bare: string) => defaults.get(braced ?? bare) ?? whole,
    );
    // `COPY --from` also takes the number of a stage.
    const known = stages.has(image.toLowerCase()) || (copied && /^\d+$/.test(image));
    if (!known && image !== HANDED_OVER) {
      found.push({ text: image.includes(HANDED_OVER) ? word : image, line, column });
    }
    if (stage) stages.add((stage[2] ?? `stage ${stages.size}`).toLowerCase());
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
  const instructions: Instruction[] = [];
  let end: string | undefined;
  let goesOn = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      continue;
    }
    if (/^\s*#/.test(line)) continue;
    if (goesOn) (instructions.at(-1) as Instruction).text += ` ${line.replace(/\\\s*$/, "")}`;
    else instructions.push({ line: index + 1, first: line, text: line.replace(/\\\s*$/, "") });
    goesOn = /\\\s*$/.test(line);
    end = /^\s*(?:RUN|COPY)\b.*<<-?["']?(\w+)/i.exec(line)?.[1];
  }
  return instructions;
}
