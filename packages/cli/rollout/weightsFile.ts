import { readFileSync, renameSync, writeFileSync, statSync } from "node:fs";
import path from "node:path";
import { formatProblems } from "../../../config/problem";
import { readStackText } from "../../../config/stackFile";
import { CommandError, EXIT } from "../exit";
import { weightsIn, withWeights, type WeightsPlace } from "./editWeights";
import type { Publisher } from "./publish";

/** The weights of one flow in `Pulumi.<env>.yaml`, read and written. */
export class WeightsFile {
  readonly name: string;
  readonly #path: string;

  constructor(
    private readonly root: string,
    private readonly environment: string,
    private readonly flow: string,
  ) {
    this.name = `Pulumi.${environment}.yaml`;
    this.#path = path.join(root, this.name);
  }

  weights(): Record<string, number> {
    return weightsIn(this.#place(this.#text()));
  }

  /** Write the weights, whole or not at all. Returns whether the file changed. */
  write(weights: Readonly<Record<string, number>>): boolean {
    const before = this.#text();
    const after = this.#edited(before, weights);
    if (after === before) return false;
    const unfinished = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(unfinished, after, { mode: statSync(this.#path).mode });
    renameSync(unfinished, this.#path);
    return true;
  }

  /** Refuses when the file holds other changes than these weights, which a step's commit would sweep along. */
  async checkClean(publisher: Publisher): Promise<void> {
    const obstacle = await publisher.obstacle(this.name);
    if (obstacle !== undefined) throw this.#refused(obstacle);
    const published = await publisher.published(this.name);
    const text = this.#text();
    if (published === undefined || this.#edited(published, weightsIn(this.#place(text))) === text)
      return;
    throw this.#refused(
      "it holds other changes than this flow's weights, which are not committed; commit or undo them first",
    );
  }

  #text(): string {
    return readFileSync(this.#path, "utf8");
  }

  #place(text: string): WeightsPlace {
    const stack = readStackText(this.root, this.environment);
    return { text, flow: stack.place(["flows", this.flow]).map(String) };
  }

  #edited(text: string, weights: Readonly<Record<string, number>>): string {
    const edit = withWeights(this.#place(text), weights);
    if ("text" in edit) return edit.text;
    const { file, place } = readStackText(this.root, this.environment);
    throw new CommandError(
      formatProblems(
        edit.cannot.map(({ arm, found, mend }) =>
          file.problem(place(["flows", this.flow, "arms", arm, "weight"]), {
            found: `${arm}: ${found}`,
            allowed: "a weight of its own, which a roll-out can change",
            mend,
          }),
        ),
      ),
      EXIT.problems,
    );
  }

  #refused(why: string): CommandError {
    return new CommandError(`${this.name}:1:1  ${why}`, EXIT.refused);
  }
}
