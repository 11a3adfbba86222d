// A deep import of the SDK; the module publishes no types.
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as {
  debuggablePromise: Follow;
};

type Follow = <T>(promise: Promise<T>, context?: unknown) => Promise<T>;

/**
 * Keep stack traces out of the promises that the SDK follows, four for each property of each resource, to find one
 * that is never settled: most of the time of a program of a hundred resources went into them. It still finds it;
 * with `PULUMI_DEBUG_PROMISE_LEAKS`, which prints the traces, they are kept.
 */
export function dropPromiseTraces(): void {
  const follow = debuggable.debuggablePromise;
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS || follow === withoutTrace) return;
  traced = follow;
  debuggable.debuggablePromise = withoutTrace;
}

let traced: Follow;

const withoutTrace: Follow = (promise, context) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return traced(promise, context);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};
