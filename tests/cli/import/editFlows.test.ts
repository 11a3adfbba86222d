import fc from "fast-check";
import { parse } from "yaml";
import { withFlow } from "../../../packages/cli/import/editFlows";

const block = { arms: { blue: { version: "current", weight: 100 } } };
const PATH = ["config", "flows"] as const;
const edit = (text: string, path: readonly [string, string] = PATH) =>
  withFlow(text, path, "pages", block);

/** The lines of the block at an indentation. */
const lines = (indent: number, step: number) =>
  [
    "pages:",
    `${" ".repeat(step)}arms:`,
    `${" ".repeat(2 * step)}blue: { version: current, weight: 100 }`,
  ].map((line) => `${" ".repeat(indent)}${line}\n`);

test.each([
  ["behind the last flow", "config:\n  flows:\n    web: { arms: {} }\n@"],
  ["before what follows", "config:\n  flows:\n    web:\n      arms: {}\n@\n  # next\n  tags: {}\n"],
  ["behind a comment of the last line", "config:\n  flows:\n    web: {} # last\n@"],
  ["before a comment below", "config:\n  flows:\n    web: {}\n@    # nothing more\n"],
  ["at the end of a file without a line end", "config:\n  flows:\n    web: {}", "\n"],
  [
    "behind a text of several lines",
    "config:\n  flows:\n    web:\n      note: |\n        a\n        b\n@  tags: {}\n",
  ],
  ["behind a list", "config:\n  flows:\n    web:\n      list:\n      - a\n      - b\n@"],
])("%s", (_name, text, gap = "") => {
  const before = text.replace("@", "");
  const at = text.includes("@") ? text.indexOf("@") : text.length;
  expect(edit(before)).toEqual({
    text: before.slice(0, at) + gap + lines(4, 2).join("") + before.slice(at),
  });
});

test.each([
  ["no flows", "config:\n  network: open\n"],
  ["flows without a value", "config:\n  flows:\n  network: open\n"],
  ["flows with nothing in braces", "config:\n  flows: {} # none yet\n  network: open\n"],
])("%s: the key is written", (_name, text) => {
  expect(edit(text)).toEqual({
    text: `config:\n  network: open\n  flows:\n${lines(4, 2).join("")}`,
  });
});

test("the file's own indentation, line ends, byte order mark and namespace are kept", () => {
  const text = "\uFEFFconfig:\r\n    p:flows:\r\n        web: {}\r\n    tags: {}\r\n";
  const added = lines(8, 4).join("").replaceAll("\n", "\r\n");
  expect(edit(text, ["config", "p:flows"])).toEqual({
    text: text.replace("    tags", `${added}    tags`),
  });
});

test.each([
  ["config:\n  flows: { web: {} }\n", "flows is written in braces"],
  ["config: { network: open }\n", "config is written in braces"],
  ["config:\n  shared: &f { web: {} }\n  flows: *f\n", "flows is an alias"],
  ["config: 5\n", "config is no mapping"],
  ["config:\n  flows: 5\n", "flows is written in braces"],
])("%j cannot be edited: %s", (text, cannot) => {
  expect(edit(text)).toEqual({ cannot });
});

test("whatever stands in the file, the text is the old one and the lines of the flow", () => {
  const filler = fc.array(
    fc.constantFrom<string>(
      "",
      "  # note",
      "    # deeper",
      "# left",
      "  tags:\n    a: b",
      "  text: |\n    x\n",
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(filler, filler, fc.boolean(), fc.boolean(), (above, below, crlf, end) => {
      const once = (list: string[]) => list.filter((each, index) => list.indexOf(each) === index);
      const [head, tail] = [once(above), once(below).filter((each) => !above.includes(each))];
      const body = [
        "config:",
        "  network: open",
        ...head,
        "  flows:",
        "    web: { arms: {} }",
        ...tail,
      ];
      const plain = body.join("\n") + (end ? "\n" : "");
      const text = crlf ? plain.replaceAll("\n", "\r\n") : plain;
      const done = edit(text);
      if (!("text" in done)) throw new Error(done.cannot);
      expect(parse(done.text).config.flows).toEqual({ web: { arms: {} }, pages: block });
      const added = lines(4, 2)
        .join("")
        .replaceAll("\n", crlf ? "\r\n" : "\n");
      const [first, second] = done.text.split(added);
      // Where the file had no line end, one stands before the flow.
      const rest = `${first}${second}`;
      expect(rest === text || rest === `${text}${crlf ? "\r\n" : "\n"}`).toBe(true);
    }),
  );
});

test("a text that the engine would read as a date stands in quotes", () => {
  const arm = { version: "current", weight: 100, environment: { API_VERSION: "2024-02-01" } };
  const edited = withFlow("config:\n  network: open\n", PATH, "pages", {
    arms: { blue: arm },
  } as Parameters<typeof withFlow>[3]);
  expect(edited).toEqual({ text: expect.stringContaining('API_VERSION: "2024-02-01"\n') });
});
