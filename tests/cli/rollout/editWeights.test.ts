import fc from "fast-check";
import { parse } from "yaml";
import { weightsIn, withWeights } from "../../../packages/cli/rollout/editWeights";

const flow = ["config", "flows", "web"];
const edited = (text: string, weights: Record<string, number>) => {
  const edit = withWeights({ text, flow }, weights);
  if (!("text" in edit)) throw new Error(JSON.stringify(edit.cannot));
  return edit.text;
};

/** Texts that a person could have written: styles, comments, blanks and line ends of all kinds. */
const comment = fc.constantFrom("", " # kept", "  #weight: 7", " # é 漢 🦆");
const blank = fc.constantFrom("", "\n", "\n\n  # a line of its own: weight: 5\n");
const block = (arm: string, weight: string) =>
  fc
    .tuple(comment, comment, blank, fc.boolean())
    .map(([one, other, space, first]) =>
      first
        ? `        ${arm}:${one}\n${space}          weight:   ${weight}${other}\n          version: approved\n`
        : `        ${arm}:${one}\n          version: 3\n${space}          weight: ${weight}${other}\n`,
    );
const inline = (arm: string, weight: string) =>
  fc
    .tuple(
      comment,
      fc.constantFrom(
        "{ version: 1, weight: %, environment: {} }",
        "{weight: % ,version: 1}",
        "{ weight: %,\n            version: 1 }",
      ),
    )
    .map(([one, shape]) => `        ${arm}: ${shape.replace("%", weight)}${one}\n`);
const number = fc.integer({ min: 0, max: 100 });
const written = number.chain((value) =>
  fc
    .constantFrom(String(value), `0x${value.toString(16)}`, `+${value}`)
    .map((digits) => ({ value, digits })),
);
const file = fc
  .tuple(
    written,
    written,
    fc.constantFrom("\n", "\r\n"),
    fc.constantFrom("", "\ufeff"),
    comment,
    fc.boolean(),
  )
  .chain(([blue, green, end, mark, note, long]) =>
    fc
      .tuple(
        fc.oneof(block("blue", blue.digits), inline("blue", blue.digits)),
        fc.oneof(block("green", green.digits), inline("green", green.digits)),
      )
      .map(([one, other]) => {
        const key = long ? "genaiops-platform:flows" : "flows";
        const text =
          `# head${note}\nconfig:\n  network: open\n  ${key}:\n    other:\n      arms: { blue: { weight: 41 } }\n` +
          `    web:\n      arms:${note}\n${one}${other}# tail${note}\n`;
        return {
          text: mark + text.replaceAll("\n", end),
          flow: ["config", key, "web"],
          before: { blue: blue.value, green: green.value },
        };
      }),
  );

test("only the digits of the weights change, whatever the file looks like", () => {
  fc.assert(
    fc.property(file, number, number, ({ text, flow: place, before }, blue, green) => {
      expect(weightsIn({ text, flow: place })).toEqual(before);
      const edit = withWeights({ text, flow: place }, { blue, green });
      if (!("text" in edit)) throw new Error("cannot");
      expect(weightsIn({ text: edit.text, flow: place })).toEqual({ blue, green });
      // With every number cut out, both are the same bytes.
      const rest = (whole: string) => whole.replace(/(weight: *)(0x[0-9a-f]+|\+?\d+)/g, "$1");
      expect(rest(edit.text)).toBe(rest(text));
      const expected = parse(text.replace(/^\ufeff/, ""));
      expected.config[place[1]!].web.arms.blue.weight = blue;
      expected.config[place[1]!].web.arms.green.weight = green;
      expect(parse(edit.text.replace(/^\ufeff/, ""))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test("the weights that stand there already change nothing, however they are written", () => {
  fc.assert(
    fc.property(file, ({ text, flow: place, before }) => {
      expect(withWeights({ text, flow: place }, before)).toEqual({ text });
    }),
  );
});

test("there and back gives the first file again", () => {
  const text =
    "config:\n  flows:\n    web: { arms: { blue: { weight: 90 }, green: { weight: 10 } } } # ab\n";
  expect(edited(edited(text, { blue: 0, green: 100 }), { blue: 90, green: 10 })).toBe(text);
});

test.each([
  [
    "an alias",
    "a: &w 90\nconfig: {flows: {web: {arms: {blue: {weight: *w}}}}}",
    "its weight is an alias",
  ],
  [
    "an anchor",
    "config: {flows: {web: {arms: {blue: {weight: &w 90}}}}}",
    "its weight has the anchor &w, which others may share",
  ],
  [
    "an anchor above",
    "config: {flows: {web: {arms: &a {blue: {weight: 90}}}}}",
    "its weight stands below the anchor &a, which others may share",
  ],
  [
    "an alias above",
    "a: &a {blue: {weight: 90}}\nconfig: {flows: {web: {arms: *a}}}",
    "its weight does not stand here but behind an alias",
  ],
])("a weight shared through %s is refused", (_, text, found) => {
  expect(withWeights({ text, flow }, { blue: 10 })).toEqual({
    cannot: [{ arm: "blue", found, mend: expect.any(String) }],
  });
});
