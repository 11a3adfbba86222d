import { isMap, isScalar, parseDocument } from "yaml";
import type { Document, Scalar } from "yaml";

/** Where the weights of one flow stand: the text of `Pulumi.<env>.yaml` and the path of its flow. */
export interface WeightsPlace {
  readonly text: string;
  /** `["config", "flows", "web-classification"]`; the keys may carry the project's namespace. */
  readonly flow: readonly string[];
}

/** Why a weight cannot be written where it stands. */
export interface CannotEdit {
  readonly arm: string;
  readonly found: string;
  readonly mend: string;
}

type Edit = { readonly text: string } | { readonly cannot: readonly CannotEdit[] };

/**
 * The text with other weights: only the digits of a weight that differs are replaced, so every comment, blank
 * and line end stays. A weight that others share by an anchor is refused: to change it would change them.
 */
export function withWeights(place: WeightsPlace, weights: Readonly<Record<string, number>>): Edit {
  const document = parse(place.text);
  const cannot: CannotEdit[] = [];
  const cuts: { from: number; to: number; digits: string }[] = [];
  for (const [arm, weight] of Object.entries(weights)) {
    const found = weightAt(document, [...place.flow, "arms", arm, "weight"]);
    if (!("scalar" in found)) cannot.push({ arm, ...found });
    else if (found.scalar.value !== weight) {
      const [from, to] = found.scalar.range ?? [0, 0];
      cuts.push({ from, to, digits: String(weight) });
    }
  }
  if (cannot.length > 0) return { cannot };
  cuts.sort((a, b) => b.from - a.from);
  const text = cuts.reduce(
    (whole, { from, to, digits }) => whole.slice(0, from) + digits + whole.slice(to),
    place.text,
  );
  return { text };
}

/** The weights that stand in the text, by arm; arms whose weight is no number are left out. */
export function weightsIn({ text, flow }: WeightsPlace): Record<string, number> {
  const arms = parse(text).getIn([...flow, "arms"]);
  if (!isMap(arms)) return {};
  return Object.fromEntries(
    arms.items.flatMap(({ key, value }) => {
      const weight = isMap(value) ? value.get("weight") : undefined;
      return isScalar(key) && typeof weight === "number" ? [[String(key.value), weight]] : [];
    }),
  );
}

function parse(text: string): Document {
  return parseDocument(text, { stringKeys: true, version: "1.2" });
}

type Found = { readonly scalar: Scalar } | Omit<CannotEdit, "arm">;

function weightAt(document: Document, path: readonly string[]): Found {
  let node: unknown = document.contents;
  const writeOut = "write its value out in place of the *name";
  for (const step of path) {
    if (!isMap(node))
      return { found: "its weight does not stand here but behind an alias", mend: writeOut };
    if (node.anchor !== undefined) {
      return {
        found: `its weight stands below the anchor &${node.anchor}, which others may share`,
        mend: "remove the anchor and write out what uses it",
      };
    }
    node = node.items.find(({ key }) => isScalar(key) && key.value === step)?.value;
  }
  if (!isScalar(node)) return { found: "its weight is an alias", mend: writeOut };
  if (node.anchor !== undefined) {
    return {
      found: `its weight has the anchor &${node.anchor}, which others may share`,
      mend: "remove the anchor and write out what uses it",
    };
  }
  return { scalar: node };
}
