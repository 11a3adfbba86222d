/** More than anybody writes, and less than exhausts the reader's stack, which ends the whole process. */
const MOST = 500;

/** Whether brackets, or hyphens in one line, nest deeper than a file of settings does. Brackets in texts count too. */
export function isTooDeep(text: string): boolean {
  let open = 0;
  for (const line of text.split("\n")) {
    const hyphens = /^[ ]*((?:[-?] +)*)/.exec(line)?.[1]?.length ?? 0;
    if (hyphens / 2 > MOST) return true;
    for (const sign of line) {
      if (sign === "[" || sign === "{") open += 1;
      else if (sign === "]" || sign === "}") open = Math.max(0, open - 1);
      if (open > MOST) return true;
    }
  }
  return false;
}
