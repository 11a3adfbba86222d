import { engine } from "./engine";
import { experiment } from "./experiment";
import { flows } from "./flows";
import { formatGoal, isMet, type Suite } from "./goal";
import { startup } from "./startup";

/**
 * `npm run bench [suite…]`: every measure in a process of its own, every ratio between measures of the same
 * run. Exit code 1 where a goal is missed.
 */
const suites: Readonly<Record<string, Suite>> = { startup, engine, flows, experiment };

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    console.error(
      `there is no suite ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}`,
    );
    return 2;
  }
  let missed = 0;
  for (const [name, suite] of Object.entries(suites)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { title, lines, goals } = await suite();
    console.log([title, ...lines, ...goals.map(formatGoal), ""].join("\n"));
    missed += goals.filter((goal) => !isMet(goal)).length;
  }
  return missed > 0 ? 1 : 0;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
