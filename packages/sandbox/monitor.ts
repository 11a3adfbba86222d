import * as pulumi from "@pulumi/pulumi";
import { MockMonitor, setMocks } from "@pulumi/pulumi/runtime/mocks";
import { computeInside } from "./computed";
import type { Recording, RecordArgs, Registration } from "./recording";
import { referTo } from "./references";
import { stackUrn, urnOf } from "./urn";

// Deep imports of the SDK stand here and in components/promiseTraces.ts alone; these modules publish no types.
const { getStore } = require("@pulumi/pulumi/runtime/state") as {
  getStore(): { settings: { monitor: unknown }; logErrorCount: number };
};
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as {
  debuggablePromise<T>(promise: Promise<T>): Promise<T>;
};

type Callback = (error: unknown, response: unknown) => void;

/**
 * Run a program in this process and record what it registers. Every output is answered with the text
 * `${<urn>.<path>}`. Runs one program at a time: the SDK keeps its state per process.
 */
export async function record(
  program: () => Promise<unknown> | unknown,
  args: RecordArgs,
): Promise<Recording> {
  await setMocks({ newResource: unused, call: unused }, args.project, args.stack);
  const monitor = new RecordingMonitor(args);
  getStore().settings.monitor = monitor;
  pulumi.runtime.setAllConfig({ ...args.config }, [...args.secretKeys]);

  // A failed registration rejects promises that nobody awaits, and leaves others pending for ever.
  let fail: (error: unknown) => void = unused;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  process.on("unhandledRejection", fail);
  const restore = args.trace ? () => {} : withoutPromiseTraces();
  try {
    await Promise.race([failure, runToEnd(program, monitor)]);
  } finally {
    // One failure rejects many promises; they are reported after the microtasks of this turn.
    await nextTurn();
    restore();
    process.off("unhandledRejection", fail);
  }
  if (getStore().logErrorCount > 0) throw new pulumi.RunError("the program reported errors");
  return { registrations: monitor.registrations, outputs: monitor.outputs };
}

async function runToEnd(program: () => unknown, monitor: RecordingMonitor): Promise<void> {
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation((resource) => monitor.prepare(resource));
    return program();
  });
  await pulumi.runtime.disconnect();
  await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function unused(): never {
  throw new Error("the recording monitor answers by itself");
}

/**
 * To find promises that are never settled, the SDK follows the four promises of each property of each
 * resource with two more and a stack trace: most of the time and memory of a plan, and of no use to it.
 */
function withoutPromiseTraces(): () => void {
  const { stackTraceLimit } = Error;
  const { debuggablePromise } = debuggable;
  const resource = pulumi.Resource as unknown as { stackTrace(skip: number): unknown[] };
  const { stackTrace } = resource;
  Error.stackTraceLimit = 0;
  debuggable.debuggablePromise = (promise) => promise;
  resource.stackTrace = () => [];
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
    debuggable.debuggablePromise = debuggablePromise;
    resource.stackTrace = stackTrace;
  };
}

/** Stock mocks hide parent, protect, aliases and dependencies (pulumi/pulumi#14421); this one keeps them. */
class RecordingMonitor extends MockMonitor {
  readonly registrations: Registration[] = [];
  outputs: Record<string, unknown> = {};
  private readonly urns = new Set<string>();
  /** Every property of a class, inputs and outputs, by token. */
  private readonly properties = new Map<string, string[]>();
  private readonly computed = new Map<string, string[][]>();

  constructor(private readonly args: RecordArgs) {
    super({ newResource: unused, call: unused });
  }

  /** See the class's properties before a registration drops those that have no value. */
  prepare({ type, props, opts }: pulumi.ResourceTransformationArgs): undefined {
    const key = opts.id === undefined ? type : `${type} read`;
    if (!this.properties.has(key)) this.properties.set(key, Object.keys(props));
    return undefined;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the base class declares it so
  override async registerResource(req: any, callback: Callback): Promise<void> {
    await answer(callback, () => {
      const registration = this.keep(req, req.getObject()?.toJavaScript() ?? {}, undefined);
      const state = this.state(registration);
      return {
        getUrn: () => registration.urn,
        getId: () => (registration.custom ? referTo(registration.urn, "id") : ""),
        getObject: () => ({ toJavaScript: () => state }),
        getPropertydependenciesMap: () => undefined,
        getResult: () => 0,
      };
    });
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the base class declares it so
  override async readResource(req: any, callback: Callback): Promise<void> {
    await answer(callback, () => {
      const registration = this.keep(req, req.getProperties()?.toJavaScript() ?? {}, req.getId());
      const state = this.state(registration);
      return {
        getUrn: () => registration.urn,
        getProperties: () => ({ toJavaScript: () => state }),
      };
    });
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the base class declares it so
  override async invoke(req: any, callback: Callback): Promise<void> {
    await answer(callback, async () => {
      const args = req.getArgs()?.toJavaScript() ?? {};
      const result = await this.args.answers.invoke(req.getTok(), args);
      return { getFailuresList: () => [], getReturn: () => ({ toJavaScript: () => result }) };
    });
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the base class declares it so
  override registerResourceOutputs(req: any, callback: Callback): void {
    if (req.getUrn() === stackUrn(this.args)) this.outputs = req.getOutputs().toJavaScript();
    callback(null, {});
  }

  private keep(
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the request has no exported type
    req: any,
    inputs: Record<string, unknown>,
    readId: string | undefined,
  ): Registration {
    const type: string = req.getType();
    const urn = urnOf(this.args, req.getParent() || undefined, type, req.getName());
    if (this.urns.has(urn)) {
      throw new Error(`two resources of type ${type} are called '${req.getName()}' (${urn})`);
    }
    this.urns.add(urn);
    const isRead = readId !== undefined;
    const registration: Registration = {
      urn,
      type,
      name: req.getName(),
      parent: req.getParent() || undefined,
      custom: isRead || req.getCustom(),
      inputs,
      protect: !isRead && req.getProtect() === true,
      dependencies: req.getDependenciesList(),
      ignoreChanges: isRead ? [] : req.getIgnorechangesList(),
      replaceOnChanges: isRead ? [] : req.getReplaceonchangesList(),
      aliases: isRead ? [] : this.aliases(req, type),
      deletedWith: (!isRead && req.getDeletedwith()) || undefined,
      replaceWith: isRead ? [] : req.getReplaceWithList(),
      readId,
    };
    this.registrations.push(registration);
    return registration;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the request has no exported type
  private aliases(req: any, type: string): string[] {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the request has no exported type
    return req.getAliasesList().map((alias: any) => {
      const spec = alias.getSpec();
      if (!spec) return alias.getUrn();
      const parent = spec.getNoparent() ? undefined : spec.getParenturn() || req.getParent();
      const place = {
        project: spec.getProject() || this.args.project,
        stack: spec.getStack() || this.args.stack,
      };
      return urnOf(
        place,
        parent || undefined,
        spec.getType() || type,
        spec.getName() || req.getName(),
      );
    });
  }

  /** Inputs, and a reference for all else. */
  private state({ urn, type, custom, inputs, readId }: Registration): Record<string, unknown> {
    const state: Record<string, unknown> = { ...inputs };
    if (!custom) return state;
    const key = readId === undefined ? type : `${type} read`;
    for (const property of this.properties.get(key) ?? []) {
      if (!(property in state)) state[property] = referTo(urn, property);
    }
    for (const path of this.paths(type)) computeInside(state, path, urn);
    return state;
  }

  private paths(type: string): string[][] {
    let paths = this.computed.get(type);
    if (!paths) {
      paths = this.args.answers.computed(type).map((path) => path.split("."));
      this.computed.set(type, paths);
    }
    return paths;
  }
}

/**
 * The SDK waits for ever for a callback that never comes: whatever fails must reach it. It reads the message
 * of an error from `message` or, for functions, from gRPC's `details`.
 */
async function answer(callback: Callback, respond: () => unknown): Promise<void> {
  let response: unknown;
  try {
    response = await respond();
  } catch (error) {
    const { message: details } = error as Error;
    return callback(Object.assign(error as Error, { details }), undefined);
  }
  callback(null, response);
}
