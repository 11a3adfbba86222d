import { dropPromiseTraces } from "../../components/promiseTraces";

type Traced = Promise<number> & { _debugStackTrace: string; _debugCtx: string };

const debuggable = require("@pulumi/pulumi/runtime/debuggable") as {
  debuggablePromise(promise: Promise<number>, context: string): Promise<number>;
};
const { getStore } = require("@pulumi/pulumi/runtime/state") as {
  getStore(): { leakCandidates: Set<unknown> };
};
const original = debuggable.debuggablePromise;

/** A promise that the SDK follows, and the end of it. */
function followed() {
  let settle: (value: number) => void = () => {};
  const promise = new Promise<number>((done) => (settle = done)) as Traced;
  const end = debuggable.debuggablePromise(promise, "a property");
  return { promise, end, settle };
}

afterEach(() => {
  debuggable.debuggablePromise = original;
  delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
});

test("the SDK takes a stack trace of every promise by itself", async () => {
  const { promise, end, settle } = followed();
  expect(promise._debugStackTrace).toContain("promiseTraces.test");
  settle(1);
  await end;
});

test("without traces it still knows which promises are not settled", async () => {
  dropPromiseTraces();
  dropPromiseTraces();
  const { promise, end, settle } = followed();
  expect(promise._debugStackTrace).not.toContain(" at ");
  expect(promise._debugCtx).toBe("a property");
  expect(getStore().leakCandidates.has(promise)).toBe(true);
  settle(7);
  expect(await end).toBe(7);
  expect(getStore().leakCandidates.has(promise)).toBe(false);
  expect(new Error("of ours").stack).toContain("promiseTraces.test");
});

test("PULUMI_DEBUG_PROMISE_LEAKS, which prints the traces, keeps them", () => {
  process.env.PULUMI_DEBUG_PROMISE_LEAKS = "1";
  dropPromiseTraces();
  expect(debuggable.debuggablePromise).toBe(original);
});
