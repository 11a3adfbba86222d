import { isDeepStrictEqual } from "node:util";
import { existsSync } from "node:fs";
import path from "node:path";
import { isAlias, isMap, isSeq, parseDocument } from "yaml";
import type { Document, YAMLMap } from "yaml";
import { connection, experimentSchema, overlaySchema } from "../../../config/experimentSettings";
import { quote } from "../../../config/display";
import { findFlow, record } from "../../../config/folders";
import type { Problem } from "../../../config/problem";
import { schemaProblems, wording } from "../../../config/schemaProblems";
import type { DataPath, YamlFile } from "../../../config/source";
import type { Findings } from "./findings";

const CONNECTION_KEYS = Object.keys(connection.shape);

/**
 * One experiment file or overlay of the reference in the form that is read here: its text, comments kept. Blocks
 * that mean the same are left as they are; what must change is said.
 */
export class ExperimentFile {
  readonly #document: Document;
  readonly #data: Record<string, unknown>;
  #edited = false;
  /** Places of what was taken out, whose own problems say nothing more. */
  readonly #removed: DataPath[] = [];

  /** `text` is that of `file` with secrets taken out, which stand in their place. */
  constructor(
    private readonly folder: string,
    private readonly file: YamlFile,
    private readonly text: string,
    private readonly findings: Findings,
  ) {
    this.#document = parseDocument(text, { stringKeys: true, version: "1.2" });
    this.#data = record(file.data);
  }

  /** What `experiment.yaml` holds. */
  get data(): Readonly<Record<string, unknown>> {
    return this.#data;
  }

  /** Heal `experiment.yaml`. */
  base(): string {
    this.slashes(this.#document.contents, []);
    this.connections();
    this.shared();
    this.check(experimentSchema);
    return this.toText();
  }

  /** Heal `experiment.<env>.yaml`: `name`, `flow` and `connections` are those of the base. */
  overlay(base: Readonly<Record<string, unknown>>): string {
    for (const key of ["name", "flow"]) {
      if (!(key in this.#data)) continue;
      this.take(
        "changed",
        [key],
        {
          found: `an overlay has a ${key}`,
          allowed: "name and flow stand in experiment.yaml, and never change",
          mend: "left out, as the reference passes over it",
        },
        this.#document.contents,
      );
    }
    if ("connections" in this.#data) {
      const same = isDeepStrictEqual(this.#data["connections"], base["connections"]);
      this.take(
        same ? "changed" : "decisions",
        ["connections"],
        {
          found: `an overlay has connections${same ? ", the same as experiment.yaml" : " of its own"}`,
          allowed: "connections of an environment stand in its stack file",
          mend: same
            ? "left out"
            : "left out; see to the connection of that name in the stack file",
        },
        this.#document.contents,
      );
    }
    this.shared();
    this.check(overlaySchema);
    return this.toText();
  }

  private connections(): void {
    this.each(["connections"], (item, at) => {
      const address: unknown = item.get("api_base");
      if (typeof address === "string" && !address.startsWith("${")) {
        this.findings.changed.push(
          this.file.problem([...at, "api_base"], {
            found: "the connection has an address of its own",
            allowed: "an arm uses the connection of that name in its stack file",
            mend: "this address is that of experiments on this machine",
          }),
        );
      }
      for (const key of Object.keys(record(item.toJSON()))) {
        if (CONNECTION_KEYS.includes(key)) continue;
        this.take(
          "decisions",
          [...at, key],
          {
            found: `a connection has ${quote(key)}`,
            allowed: `left out; a connection has ${CONNECTION_KEYS.join(", ")}`,
            mend: "hand what the flow needs of it through the arm's environment or another connection",
          },
          item,
        );
      }
    });
  }

  private shared(): void {
    this.each(["datasets"], (dataset, at) => this.source(dataset, at));
    this.each(["evaluators"], (evaluator, at) => {
      this.slashes(evaluator, at);
      this.each([...at, "datasets"], (dataset, place) => this.source(dataset, place));
    });
    this.evaluatorsWithoutFlow();
  }

  /** Folders are written with forward slashes, also where Windows wrote them. */
  private slashes(map: unknown, at: DataPath): void {
    const folder: unknown = isMap(map) ? map.get("flow") : undefined;
    if (!isMap(map) || typeof folder !== "string" || !folder.includes("\\")) return;
    map.set("flow", folder.replaceAll("\\", "/"));
    this.#edited = true;
    this.findings.changed.push(
      this.file.problem([...at, "flow"], {
        found: "the folder is written with backslashes",
        allowed: "paths have forward slashes",
        mend: `it is ${folder.replaceAll("\\", "/")}`,
      }),
    );
  }

  /** The reference looks for a source in `data/` too, and takes Windows' slashes where it runs there. */
  private source(dataset: YAMLMap, at: DataPath): void {
    const source: unknown = dataset.get("source");
    if (typeof source !== "string" || source.startsWith("azureml:") || source === "") return;
    const plain = source.replaceAll("\\", "/");
    const within = path.posix.normalize(plain);
    if (within.startsWith("../") || path.posix.isAbsolute(within) || /^[A-Za-z]:/.test(within)) {
      this.findings.problems.push(
        this.file.problem([...at, "source"], {
          found: "the source leads out of the folder",
          allowed: "files of the folder, and azureml:<name>:<version>",
          mend: "copy it into the folder's data/",
        }),
      );
      return;
    }
    const there = [plain, `data/${plain}`].find((each) => existsSync(path.join(this.folder, each)));
    if (there === undefined || there === source) return;
    dataset.set("source", there);
    this.#edited = true;
    this.findings.changed.push(
      this.file.problem([...at, "source"], {
        found: `the source is ${quote(source)}`,
        allowed: "a path from the folder, with forward slashes",
        mend: `it is ${there}`,
      }),
    );
  }

  /** An evaluator may be Python code that a script calls; a folder without a flow cannot be run here. */
  private evaluatorsWithoutFlow(): void {
    const list = this.#document.get("evaluators", true);
    if (!isSeq(list)) return;
    const kept = list.items.filter((item, index) => {
      const evaluator = resolve(this.#document, item);
      const folder = evaluator?.get("flow") ?? evaluator?.get("name");
      if (typeof folder !== "string") return true;
      if (findFlow(this.folder, ".", folder) !== undefined) return true;
      if (!existsSync(path.join(this.folder, folder))) return true;
      const at = ["evaluators", index];
      this.#removed.push(at);
      this.findings.decisions.push(
        this.file.problem([...at, "flow"], {
          found: `the evaluator's folder ${quote(folder)} holds no flow`,
          allowed: "the evaluator is left out of the experiment; its folder came over",
          mend: "write a flow.flex.yaml or flow.dag.yaml for it and add it under evaluators",
        }),
      );
      return false;
    });
    if (kept.length === list.items.length) return;
    this.#edited = true;
    if (kept.length === 0) this.#document.set("evaluators", null);
    else list.items = kept;
  }

  private each(at: DataPath, visit: (item: YAMLMap, at: DataPath) => void): void {
    const list = this.#document.getIn(at, true);
    if (!isSeq(list)) return;
    list.items.forEach((item, index) => {
      const map = resolve(this.#document, item);
      if (map !== undefined) visit(map, [...at, index]);
    });
  }

  private take(
    list: "changed" | "decisions",
    at: DataPath,
    fault: Pick<Problem, "found" | "allowed" | "mend">,
    from: unknown,
  ): void {
    this.findings[list].push(this.file.problem(at, fault, "key"));
    this.#removed.push(at);
    this.#edited = true;
    if (isMap(from)) from.delete(String(at.at(-1)));
  }

  /** What the schema says of what is left, at its place in the source. */
  private check(schema: typeof experimentSchema | typeof overlaySchema): void {
    const data = structuredClone(this.#data);
    for (const [first, second, third] of this.#removed) {
      if (second === undefined) delete data[String(first)];
      else if (third !== undefined) {
        const list = data[String(first)] as Record<string, unknown>[];
        delete list[Number(second)]?.[String(third)];
      }
    }
    for (const [index, item] of list(data["connections"]).entries()) {
      // The key itself was taken out of the text; the schema is shown what stands there now.
      if (typeof item["api_key"] === "string") {
        item["api_key"] = this.#document.getIn(["connections", index, "api_key"]);
      }
    }
    // What is no mapping at all is shown to the schema as it is.
    const isMapping = Object.keys(this.#data).length > 0;
    const shown = isMapping ? data : this.file.data;
    const parsed = schema.safeParse(shown, { error: wording });
    if (parsed.success) return;
    const removed = this.#removed.map((at) => `${at[0]}[${at[1]}]`);
    this.findings.problems.push(
      ...schemaProblems(schema, parsed.error, shown, this.file).filter(
        ({ path: place }) =>
          !removed.some((at) => at.startsWith("evaluators") && place.startsWith(at)),
      ),
    );
  }

  private toText(): string {
    // What does not parse is refused, whatever its text.
    if (!this.#edited || this.#document.errors.length > 0) return this.text;
    const flush = /^[A-Za-z_]+:[ \t]*(#.*)?\r?\n(?:[ \t]*\r?\n)*- /m.test(this.text);
    return this.#document.toString({ lineWidth: 0, indentSeq: !flush }).replace(/^\n+/, "");
  }
}

function resolve(document: Document, item: unknown): YAMLMap | undefined {
  const node = isAlias(item) ? item.resolve(document) : item;
  return isMap(node) ? node : undefined;
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}
