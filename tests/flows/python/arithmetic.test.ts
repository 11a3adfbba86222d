import { spawnSync } from "node:child_process";
import path from "node:path";
import { managedPython, root } from "./support";

/** Code that a model wrote is evaluated by flows/maths-coding/arithmetic.py and must never be run. */

const python = managedPython();

const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from arithmetic import Refused, evaluate
def outcome(code):
    try:
        return evaluate(code)
    except Refused as refused:
        return "refused: " + str(refused)
print(json.dumps([outcome(code) for code in json.loads(sys.stdin.read())]))
`;

/** Every outcome in one process, which must end soon: no code may keep it busy or end it. */
function outcomes(codes: readonly string[]): unknown[] {
  const run = spawnSync(python!, ["-c", program, path.join(root, "flows/maths-coding")], {
    encoding: "utf8",
    input: JSON.stringify(codes),
    timeout: 60_000,
  });
  expect({ status: run.status, err: run.stderr }).toEqual({ status: 0, err: "" });
  return JSON.parse(run.stdout) as unknown[];
}

const right: [string, number][] = [
  ["answer = 12 * 18", 216],
  ["cups = 8 * 12\nanswer = cups - 5", 91],
  ["answer = -7 // 2 + 7 % 4 ** 1 - +3", -4],
  ["answer = 1\nanswer = answer / 4", 0.25],
  ["answer = max(3, min(9, 4), abs(-2)) + round(2.675, 1)", 6.7],
  ["answer = round(7.6)", 8],
  ["answer = 2 ** 100 % 1000", 376],
];

const refused: [string, RegExp][] = [
  ["import os", /Import is not allowed/],
  ["answer = __import__('os').system('id')", /only abs, max, min, round can be called/],
  ["answer = open('/etc/passwd')", /only abs, .* can be called/],
  ["answer = ().__class__.__bases__", /Attribute is not allowed/],
  ["answer = (1).real", /Attribute is not allowed/],
  ["answer = [1 for _ in range(10)]", /ListComp is not allowed/],
  ["answer = (lambda: 1)()", /only abs, .* can be called/],
  ["answer = f'{1}'", /JoinedStr is not allowed/],
  ["answer = 'a' * 1000000000", /no number/],
  ["answer = 1 if 1 else 2", /IfExp is not allowed/],
  ["answer = 1 << 100000", /BinOp is not allowed/],
  ["while 1: pass", /While is not allowed/],
  ["def f(): pass", /FunctionDef is not allowed/],
  ["exec('1')", /Expr is not allowed/],
  ["answer += 1", /AugAssign is not allowed/],
  ["answer, other = 1, 2", /one name/],
  ["a.b = 1", /one name/],
  ["answer = print", /nothing was assigned to print/],
  ["answer = True", /no number/],
  ["answer = None", /no number/],
  ["answer = (-8) ** 0.5", /no number/],
  ["answer = 1e308 * 10", /no number, or too large/],
  ["answer = 1e400", /no number, or too large/],
  ["answer = 9 ** 9 ** 9", /a power is too large/],
  ["answer = 9.0 ** 400", /out of range/],
  ["answer = 2 ** -1e300", /a power is too large/],
  ["answer = 10 ** 300 * 10 ** 300", /too large/],
  ["answer = round(5, -10 ** 9)", /from -12 to 12/],
  ["answer = round(5, ndigits=1)", /takes 1 to 2 numbers/],
  ["answer = max(*[1, 2])", /takes 2 to 20 numbers|Starred is not allowed/],
  ["answer = 1 / 0", /1 \/ 0: division by zero/],
  ["answer = 0 ** -1", /negative power/],
  ["answer = total", /nothing was assigned to total/],
  ["total = 4", /nothing is assigned to answer/],
  ["", /nothing is assigned to answer/],
  ["The answer is 4.", /not Python: SyntaxError/],
  ["answer = \0", /not Python/],
  [`answer = ${"(".repeat(900)}1${")".repeat(900)}`, /not Python/],
  [`answer = ${"-".repeat(1900)}1`, /not Python|nodes; 200 are allowed/],
  [`answer = ${"1+".repeat(300)}1`, /nodes; 200 are allowed/],
  [`answer = ${"9".repeat(3000)}`, /3009 characters; 2000 are allowed/],
  [`answer = ${"9".repeat(1900)}`, /too large/],
];

(python === undefined ? describe.skip : describe)("arithmetic that a model wrote", () => {
  test("is computed", () => {
    expect(outcomes(right.map(([code]) => code))).toEqual(right.map(([, value]) => value));
  });

  test("is refused where it is more, in words for its reader, and at once", () => {
    const found = outcomes(refused.map(([code]) => code));
    const wrong = refused
      .map(([code, why], index) => ({ code, why, outcome: String(found[index]) }))
      .filter(({ why, outcome }) => !outcome.startsWith("refused: ") || !why.test(outcome));
    expect(wrong).toEqual([]);
  });
});
