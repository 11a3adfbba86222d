import { readFileSync } from "node:fs";
import path from "node:path";
import { SHORTFALLS, TARGETS } from "../../config/targets";
import { targets } from "../config/wrong/targets";

const readme = readFileSync(path.join(__dirname, "../../README.md"), "utf8");
const [head, , ...rows] = readme
  .slice(readme.indexOf("\n| | `managed`") + 1)
  .split("\n\n")[0]!
  .split("\n")
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test("the README's table has a column for every target", () => {
  const names = (head as string[]).slice(1).map((cell) => /`(\w+)`/.exec(cell)?.[1]);
  expect(names).toEqual([...TARGETS]);
  for (const row of rows) expect(row).toHaveLength(TARGETS.length + 1);
});

/** Settings that one row shows together: the first speaks for them. */
const shown = (target: (typeof TARGETS)[number]) =>
  SHORTFALLS[target].filter(
    ({ setting }) => !["scale.schedule", "scale.timeZone"].includes(setting),
  );

test.each(
  TARGETS.flatMap((target) =>
    shown(target).map(({ setting, found }) => [target, setting, found] as const),
  ),
)("on %s, %s is refused in the words of the table", (target, _, found) => {
  const column = TARGETS.indexOf(target) + 1;
  const cells = rows.map((row) => row[column]).filter((cell) => cell?.includes(`\`${found}\``));
  expect(cells).toHaveLength(1);
});

test("a Web App's versions of another environment are refused in the words of the table", () => {
  const wrong = targets.find(({ name }) => name.includes("versions come from another environment"));
  const found = /  (.*?); /.exec(wrong?.problems[0] ?? "")?.[1] as string;
  const shown = found.replace("flow web", "flow <name>").replace(/from test$/, "from <stack>");
  const row = rows.find(([setting]) => setting === "versions of another environment");
  expect(row?.[TARGETS.indexOf("webApp") + 1]).toContain(`\`${shown}\``);
});
