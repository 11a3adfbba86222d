import type { Answer } from "../../../packages/cli/testEndpoint/call";
import { judgeAnswers } from "../../../packages/cli/testEndpoint/measure";

const answer = (arm: string | undefined, extra: Partial<Answer> = {}): Answer => ({
  status: 200,
  arm,
  body: { label: "App" },
  ms: 10,
  ...extra,
});
const many = (count: number, one: Answer) => Array.from({ length: count }, () => one);
const weights = { blue: 50, green: 50 };

test("answers within the bound are no problem", () => {
  const answers = [...many(48, answer("blue")), ...many(52, answer("green"))];
  expect(judgeAnswers({ weights }, ["label"], answers).problems).toEqual([]);
});

test("each kind of failure is counted once, with its arm", () => {
  const answers = [
    ...many(50, answer("blue")),
    ...many(47, answer("green")),
    ...many(2, answer("green", { status: 424, modelStatus: 500, body: "no memory" })),
    answer("green", { body: {} }),
    answer(undefined, { status: 0, body: "socket hang up" }),
  ];
  expect(judgeAnswers({ weights }, ["label"], answers).problems).toEqual([
    "2 of 101: green answered 424 (its container answered 500): no memory",
    "1 of 101: green answered without label: it has nothing",
    "1 of 101: gave no answer: socket hang up",
  ]);
});

test("a split beyond the bound is a problem of each arm, with what is allowed", () => {
  const answers = [...many(90, answer("blue")), ...many(10, answer("green"))];
  expect(judgeAnswers({ weights }, [], answers).problems).toEqual([
    "blue served 90 requests; its weight of 50 % allows 25 to 75",
    "green served 10 requests; its weight of 50 % allows 25 to 75",
  ]);
});

test("answers that do not name their arm measure nothing, which is a problem and not a success", () => {
  const { split, problems } = judgeAnswers({ weights }, [], many(20, answer(undefined)));
  expect(split).toBeUndefined();
  expect(problems).toEqual([
    "20 of 20 answers do not say which arm answered, so the split cannot be measured; leave the measurement out with --requests 0",
  ]);
});

test("one container without names has no split and is measured as one", () => {
  const measured = judgeAnswers({}, [], many(3, answer(undefined)));
  expect(measured).toMatchObject({ requests: 3, latencies: { "": [10, 10, 10] }, problems: [] });
  expect(measured.split).toBeUndefined();
});
