import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CommandError } from "../../../packages/cli/exit";
import { importFlow } from "../../../packages/cli/import/perform";
import { ProblemsError } from "../../../config/problem";
import { Checkout } from "../repository";

const fixture = path.join(__dirname, "ticket_triage");

/** A use case of the reference to change, and a repository to bring it to. */
export class Place {
  readonly checkout = new Checkout();
  readonly home = mkdtempSync(path.join(tmpdir(), "genaiops-use-case-"));
  readonly folder = path.join(this.home, "ticket_triage");

  constructor() {
    this.renew();
  }

  /** The use case as it was. */
  renew(): void {
    rmSync(this.folder, { recursive: true, force: true });
    cpSync(fixture, this.folder, { recursive: true });
  }

  get root(): string {
    return this.checkout.root;
  }

  text(file: string): string {
    return readFileSync(path.join(this.folder, file), "utf8");
  }

  write(file: string, content: string | Buffer): void {
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), content);
  }

  /** Replace what stands once in a file. */
  replace(file: string, before: string | RegExp, after: string): void {
    const text = this.text(file);
    const changed = text.replace(before, () => after);
    if (changed === text) throw new Error(`${file} does not hold ${before}`);
    this.write(file, changed);
  }

  /** Import; the report, or what it was refused with. The folder's own path is `…` in both. */
  async bring(options: { name?: string; dryRun?: boolean } = {}): Promise<Outcome> {
    const { name, dryRun = false } = options;
    try {
      const done = await importFlow({ root: this.root, from: this.folder, name, dryRun });
      return { ...done, text: this.shown(done.text), refused: false };
    } catch (error) {
      if (!(error instanceof ProblemsError) && !(error instanceof CommandError)) throw error;
      return { text: this.shown(error.message), valid: false, refused: true };
    }
  }

  private shown(text: string): string {
    return text.replaceAll(this.folder, "…").replaceAll(this.home, "…/..");
  }

  /** Everything below the repository but the flows and images that it came with: path to content. */
  get tree(): Record<string, string> {
    const files = readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.root, path.join(entry.parentPath, entry.name)));
    return Object.fromEntries(
      files.sort().map((file) => [file, readFileSync(path.join(this.root, file), "latin1")]),
    );
  }

  /** What an interrupted or finished import leaves beside the flow. */
  get left(): string[] {
    const folder = path.join(this.root, ".genaiops");
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  remove(): void {
    this.checkout.remove();
    rmSync(this.home, { recursive: true });
  }
}

export interface Outcome {
  readonly text: string;
  readonly valid: boolean;
  readonly refused: boolean;
}

/** The lines below one title of a report. */
export function section({ text }: Outcome, title: string): string[] {
  const lines = text.split("\n");
  const start = lines.indexOf(title);
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const end = rest.indexOf("");
  return rest.slice(0, end === -1 ? rest.length : end).map((line) => line.trimStart());
}

/** The places at the head of messages, without the words. */
export function places(lines: readonly string[]): string[] {
  return lines.map((line) => line.split("  ")[0] as string);
}
