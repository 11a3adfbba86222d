import { setTimeout as sleep } from "node:timers/promises";
import { ProblemsError } from "../../../config/problem";
import { readEnvironment } from "../../../config/read";
import { loadExperiment } from "../../../config/readExperiment";
import { CommandError, EXIT } from "../exit";
import { flowOf } from "../flowOf";
import { withProgress } from "../progress";
import { addressTarget } from "./address";
import { type Caller, callerOf } from "./call";
import { checkArms, measure } from "./measure";
import { allProblems, type Tested } from "./report";
import { expectedKeys, readSample } from "./shape";
import type { OpenEndpoint, Target } from "./target";

export interface TestOptions {
  readonly root: string;
  readonly flow: string;
  /** Either this: the endpoint of the environment. */
  readonly env?: string;
  /** Or this: an address with the serving contract. */
  readonly url?: string;
  /** Requests that measure the split; 0 measures nothing. */
  readonly requests: number;
  /** Of them at a time. */
  readonly parallel: number;
  /** Seconds until the endpoint must be ready. */
  readonly wait: number;
  readonly signal: AbortSignal;
  /** Told what is waited for, whenever that changes. */
  readonly say: (text: string) => void;
}

/** Test an endpoint. Throws where it cannot be tested; what is wrong with its answers is in the result. */
export async function testEndpoint(options: TestOptions): Promise<Tested> {
  const { root, flow, env, requests, parallel, signal } = options;
  const { experiment, problems } = loadExperiment(root, flow, env ?? "local");
  if (experiment === undefined || problems.length > 0) throw new ProblemsError(problems);
  const sample = readSample(root, experiment.flow);
  const keys = expectedKeys(root, experiment);
  const call = callerOf(signal);
  const target = targetOf(options, call);
  const endpoint = await withProgress(`waiting for ${target.title}`, () =>
    untilReady(target, options),
  );
  const request = { endpoint, sample, keys, call };
  const checks = await withProgress("calling each arm", () => checkArms(request));
  const tested: Tested = {
    title: target.title,
    scoreUrl: endpoint.scoreUrl,
    authentication: endpoint.authentication,
    weights: endpoint.weights,
    checks,
    notes: endpoint.notes,
    problems: endpoint.problems,
  };
  const { weights } = endpoint;
  if (weights !== undefined && Object.values(weights).every((weight) => weight === 0)) {
    return {
      ...tested,
      notes: [...tested.notes, "no arm has weight: there is no split to measure"],
    };
  }
  // An arm that fails by name fails by weight too, and every request costs tokens.
  if (requests === 0 || allProblems(tested).length > 0) return tested;
  const measured = await withProgress(`sending ${requests} requests`, () =>
    measure(request, requests, parallel),
  );
  return { ...tested, measured };
}

function targetOf({ root, flow, env, url }: TestOptions, call: Caller): Target {
  if (url !== undefined && env === undefined) return addressTarget(flow, url, call);
  if (env === undefined || url !== undefined) {
    throw new CommandError(
      "name either --env, whose endpoint in Azure is tested, or --url, for example http://127.0.0.1:8080 of genaiops serve",
    );
  }
  // An address needs no login: Azure's packages take a while to load.
  const { ResourceManager } =
    require("../../provider/resourceManager") as typeof import("../../provider/resourceManager");
  const { cloudFromEnvironment } =
    require("../../provider/cloud") as typeof import("../../provider/cloud");
  const { managedTarget } = require("./managed") as typeof import("./managed");
  const { webAppTarget } = require("./webApp") as typeof import("./webApp");
  const environment = readEnvironment({ root, stack: env });
  const declared = flowOf(environment, flow);
  const azure = new ResourceManager(cloudFromEnvironment());
  const address = process.env.GENAIOPS_SCORING_ENDPOINT;
  return declared.target.name === "webApp"
    ? webAppTarget(environment, declared, azure, call, address)
    : managedTarget(environment, declared, azure, address);
}

/** Look until the target takes requests. Throws where it never will, or not in time. */
async function untilReady(
  target: Target,
  { wait, signal, say }: TestOptions,
): Promise<OpenEndpoint> {
  let said = "";
  for (const started = Date.now(); ;) {
    const look = await target.look();
    if (look.state === "ready") return look.endpoint;
    if (look.state === "failed") {
      throw new CommandError(`${target.title}: ${look.why.join("; ")}`, EXIT.failed);
    }
    const waited = Date.now() - started;
    if (look.what !== said) say(`waiting: ${look.what}`);
    said = look.what;
    if (waited > wait * 1000) {
      throw new CommandError(
        `${target.title} is not ready after ${wait} s: ${look.what}; wait longer with --wait, or see what keeps it`,
        EXIT.failed,
      );
    }
    await sleep(waited < 30_000 ? 500 : 5_000, undefined, { signal });
  }
}
