import { cloudClock, CLOCK_VARIABLE, nowAt, variableOf } from "../../packages/cli/clock";

test("without a simulated Azure it is the machine's clock", () => {
  const before = Date.now();
  const now = cloudClock(undefined, {}).now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("what serve wrote runs as fast here as there, and a wait is as much shorter", async () => {
  const pace = { begin: Date.now() - 1000, speed: 600 };
  const clock = cloudClock(undefined, { [CLOCK_VARIABLE]: variableOf(pace) });
  const from = clock.now();
  expect(Math.abs(from - nowAt(pace))).toBeLessThan(60_000);
  expect(from - pace.begin).toBeGreaterThanOrEqual(600_000);
  const began = performance.now();
  await clock.sleep(60_000);
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(clock.now() - from).toBeGreaterThanOrEqual(59_000);
});

test("a wait ends with the signal", async () => {
  const clock = cloudClock(AbortSignal.abort(), { [CLOCK_VARIABLE]: "0,1" });
  await expect(clock.sleep(60_000)).rejects.toThrow(/abort/i);
});

test.each(["60", "1,0", "1,-2", "now,60", "1,x"])("%j is refused", (text) => {
  expect(() => cloudClock(undefined, { [CLOCK_VARIABLE]: text })).toThrow(
    `GENAIOPS_CLOCK: found ${JSON.stringify(text)}; allowed is what genaiops sandbox serve wrote`,
  );
});
