import type { Environment } from "../../../config/environment";
import { baselineOf } from "../../../packages/cli/plan/baseline";
import { compare } from "../../../packages/cli/plan/compare";
import { refusals } from "../../../packages/cli/plan/guard";
import type { RecordedPlan } from "../../../packages/cli/plan/model";
import { someArm, someEnvironment, someFlow } from "../../support/environment";
import { planned } from "./planned";

jest.setTimeout(60_000);

/** What Azure can only do by replacing an arm or its endpoint, said of the program itself. */

const production = { protect: true };
const before = someEnvironment(production);
let standing: RecordedPlan;
beforeAll(async () => {
  standing = await planned(before);
});

async function reasons(after: Environment): Promise<string[]> {
  const previous = baselineOf(standing.plan);
  return refusals(compare(await planned(after), previous), previous).map(
    ({ setting, message }) =>
      `${setting[3] ?? "endpoint"}: ${/because (.*) changes;/.exec(message)?.[1]}`,
  );
}

const withArms = (...arms: Parameters<typeof someArm>[1][]) =>
  someEnvironment(production, [
    someFlow("web", {
      arms: [
        someArm("blue", { version: 3, weight: 90, ...arms[0] }),
        someArm("green", { version: 4, weight: 10, ...arms[1] }),
      ],
    }),
  ]);

test("another VM size is another arm", async () => {
  expect(await reasons(withArms({ instance: "Standard_DS4_v2" }))).toEqual([
    "blue: properties.instanceType",
  ]);
});

test("another region is another endpoint", async () => {
  expect(await reasons({ ...before, location: "westeurope" })).toEqual(["endpoint: location"]);
});

test("another identity is another endpoint", async () => {
  const [refusal = "", ...others] = await reasons(
    someEnvironment({ ...production, endpointIdentity: "shared" }),
  );
  expect([refusal, others]).toEqual(["endpoint: identity.userAssignedIdentities", []]);
});

test("an identity that is itself replaced takes the endpoint along", async () => {
  // The flow keeps its endpoint's name, so that the identity alone is another one.
  const [refusal = ""] = await reasons(
    someEnvironment({ ...production, suffix: "other" }, before.flows),
  );
  expect(refusal).toContain("endpoint: ");
  expect(refusal).toContain("(with endpoint-identity.web)");
});

test("what Azure changes in place is refused nowhere", async () => {
  const changed = await reasons(
    withArms({ version: 5, instances: 5, requestTimeoutSeconds: 30, environment: { TONE: "dry" } }),
  );
  expect(changed).toEqual([]);
});
