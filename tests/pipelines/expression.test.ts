import * as fc from "fast-check";
import { evaluate } from "../../packages/sandbox/pipelines/evaluate";
import type { Value } from "../../packages/sandbox/pipelines/value";

/** Values and conversions as learn.microsoft.com/azure/devops/pipelines/process/expressions states them. */

const names = {
  variables: (name: string) => ({ flow: "a", empty: "", number: "7" })[name] ?? null,
  parameters: {
    flag: true,
    list: ["x", "y"],
    object: { Key: "value", other: { id: "1" } },
    rows: [{ id: "1" }, { id: "2" }],
  },
};
const of = (text: string): Value => evaluate(text, { names });

test.each<[string, Value]>([
  ["true", true],
  ["FALSE", false],
  ["null", null],
  ["-1.5", -1.5],
  ["'it''s'", "it's"],
  ["variables.flow", "a"],
  ["variables['flow']", "a"],
  ["variables.none", null],
  ["parameters.object.key", "value"],
  ["parameters.object.none", null],
  ["parameters.list[1]", "y"],
  ["parameters.rows.*.id", ["1", "2"]],
  ["eq(variables.flow, 'A')", true],
  ["eq(true, 'anything')", true],
  ["eq('True', true)", true],
  ["eq(7, variables.number)", true],
  ["eq(7, 'seven')", false],
  ["eq(null, '')", true],
  ["eq('', null)", true],
  ["ne('a', 'b')", true],
  ["and(true, eq(1, 1), 'text')", true],
  ["and(true, '')", false],
  ["or(false, 0, 'x')", true],
  ["not('')", true],
  ["xor(true, false)", true],
  ["in('b', 'A', 'B')", true],
  ["notIn('c', 'a', 'b')", true],
  ["contains('ABC', 'bc')", true],
  ["containsValue(parameters.list, 'Y')", true],
  ["containsValue(parameters.object, 'VALUE')", true],
  ["startsWith('refs/heads/release/1', 'refs/heads/release/')", true],
  ["endsWith('abc', 'B')", false],
  ["format('{0}-{1}-{0}', 'a', 2)", "a-2-a"],
  ["format('{{{0}}}', 'a')", "{a}"],
  ["coalesce('', null, 'last')", "last"],
  ["join(';', parameters.list)", "x;y"],
  ["length('four')", 4],
  ["length(parameters.list)", 2],
  ["lower('AbC')", "abc"],
  ["upper('AbC')", "ABC"],
  ["replace('a.b.c', '.', '-')", "a-b-c"],
  ["gt(10, '9')", true],
  ["ge('b', 'A')", true],
  ["lt('10', '9')", true],
  ["le(2, 2)", true],
])("%s", (text, value) => {
  expect(of(text)).toEqual(value);
});

test.each([
  ["first(1, 2)", "there is no function first here"],
  ["eq(1)", "eq has 1 arguments; it takes 2"],
  ["and(true)", "and has 1 arguments; it takes 2 to any number"],
  ["secrets.key", "secrets means nothing here; known are parameters, variables"],
  ["variables", "variables needs a key, such as variables['name']"],
  ["eq(1, 2", ", is missing in the expression `eq(1, 2`"],
  ["'open", "'open is no part of an expression: `'open`"],
  ["1 2", "2 is too much in the expression `1 2`"],
  ["gt(1, 'one')", "gt cannot compare 1 with one"],
  ["format('{1}', 'a')", "format names {1} and has 1 values"],
  ["succeeded()", "there is no function succeeded here"],
  ["", "something is missing at the end in the expression ``"],
])("%s is refused", (text, message) => {
  expect(() => of(text)).toThrow(message);
});

test("and, or and in ask no further than they must", () => {
  expect(of("and(false, gt(1, 'one'))")).toBe(false);
  expect(of("or(true, gt(1, 'one'))")).toBe(true);
  expect(() => of("or(false, gt(1, 'one'))")).toThrow("gt cannot compare");
});

test("any text is a literal when its quotes are doubled, and equals itself in any case", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const quoted = `'${text.replaceAll("'", "''")}'`;
      expect(of(quoted)).toBe(text);
      expect(of(`eq(${quoted}, lower(${quoted}))`)).toBe(true);
    }),
  );
});
