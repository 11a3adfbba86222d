import fc from "fast-check";
import { csvRow, parseCsv } from "../../packages/cli/experiment/csv";

test.each([
  [["a", 1, null, undefined, true], "a,1,,,true\r\n"],
  [['say "hi"', "a,b", "two\nlines"], '"say ""hi""","a,b","two\nlines"\r\n'],
  [[{ a: [1, "x"] }, " edge "], '"{""a"":[1,""x""]}"," edge "\r\n'],
])("%j is written as %j", (cells, row) => {
  expect(csvRow(cells)).toBe(row);
});

test("whatever texts are written are read again", () => {
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) =>
      fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: width, maxLength: width }), {
        minLength: 1,
      }),
    )
    // A row of one empty cell is an empty line, which CSV cannot tell from none.
    .filter((rows) => rows.every((row) => row.length > 1 || row[0] !== ""));
  fc.assert(
    fc.property(table, (rows) => {
      expect(parseCsv(rows.map(csvRow).join(""))).toEqual(rows);
    }),
  );
});
