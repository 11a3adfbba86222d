import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./run";

/** A copy of this repository's flows and stacks, to change and to run commands on with `--cwd`. */
export class Checkout {
  readonly root = mkdtempSync(path.join(tmpdir(), "genaiops-checkout-"));

  constructor() {
    for (const name of ["flows", "images", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
      this.restore(name);
    }
  }

  /** Take a file or folder from the repository again. */
  restore(name: string): void {
    rmSync(path.join(this.root, name), { recursive: true, force: true });
    cpSync(path.join(root, name), path.join(this.root, name), { recursive: true });
  }

  write(name: string, content: string | Buffer): void {
    writeFileSync(path.join(this.root, name), content);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
