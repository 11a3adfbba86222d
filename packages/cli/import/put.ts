import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { CommandError, EXIT } from "../exit";

/**
 * Put the new flow's folder and the changed stack files under their names, the stack files last. What fails on
 * the way is taken back: all stand there, or none.
 */
export function put(
  root: string,
  workshop: string,
  flow: string,
  stackFiles: readonly string[],
): void {
  const folder = path.join(root, "flows", flow);
  const undo: (() => void)[] = [];
  try {
    const ready = stackFiles.map((file) => {
      // A link stays one: what it leads to is replaced.
      const target = realpathSync.native(path.join(root, file));
      const [written, before] = [
        `${target}.${process.pid}.tmp`,
        path.join(workshop, `${file}.before`),
      ];
      copyFileSync(target, before);
      undo.push(() => rmSync(written, { force: true }));
      copyFileSync(path.join(workshop, file), written);
      chmodSync(written, statSync(target).mode);
      return { target, written, before };
    });
    mkdirSync(path.join(root, "flows"), { recursive: true });
    renameSync(path.join(workshop, "flows", flow), folder);
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    for (const { target, written, before } of ready) {
      renameSync(written, target);
      undo.push(() => copyFileSync(before, target));
    }
  } catch (error) {
    for (const back of undo.reverse()) back();
    throw new CommandError(
      `nothing was written: ${(error as Error).message}; see to its permissions`,
      EXIT.failed,
    );
  }
}
