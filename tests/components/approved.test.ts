import { declare } from "../support/declared";
import { someArm, someEnvironment, someFlow } from "../support/environment";

const ml = "azure-native:machinelearningservices";
const approvedFlow = (name: string) =>
  someFlow(name, {
    arms: [
      someArm("blue", { version: 3, weight: 60 }),
      someArm("green", { version: 2, weight: 20 }),
      someArm("next", { version: "approved", weight: 20 }),
    ],
  });

test("one question finds the approved versions of all flows", async () => {
  const flows = [approvedFlow("chat"), approvedFlow("web"), someFlow("fixed")];
  const { invokes, one } = await declare(someEnvironment({}, flows), {
    approved: { web_dev: 9, chat_dev: 4 },
  });
  expect(invokes).toEqual([
    [
      "genaiops:index:approvedVersions",
      {
        workspace:
          "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-genaiops-dev/providers/Microsoft.MachineLearningServices/workspaces/mlw-genaiops-dev-cibxs2",
        environment: "dev",
        models: ["chat_dev", "web_dev"],
      },
    ],
  ]);
  expect(one(`${ml}:OnlineDeployment`, "web.next").inputs["properties"]).toMatchObject({
    model: "<workspace.id>/models/web_dev/versions/9",
  });
});

test("the workspace asked is the adopted one", async () => {
  const workspace = { mode: "existing", name: "mlw-shared", resourceGroup: "rg-shared" };
  const { invokes } = await declare(someEnvironment({ workspace }, [approvedFlow("web")]), {
    approved: { web_dev: 1 },
  });
  expect(invokes[0]?.[1]["workspace"]).toBe(
    "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-shared/providers/Microsoft.MachineLearningServices/workspaces/mlw-shared",
  );
});

test("an arm without an approved version is left out, and its share goes to the live arms", async () => {
  const { all, one, outputs } = await declare(someEnvironment({}, [approvedFlow("web")]));
  expect(all(`${ml}:OnlineDeployment`).map(({ name }) => name)).toEqual(["web.blue", "web.green"]);
  expect(one("genaiops:index:EndpointSettings").inputs["weights"]).toEqual({ blue: 75, green: 25 });
  expect(outputs["notices"]).toEqual([
    "flow web: arm next is left out, no version of model web_dev is approved for dev; its 20 % go to the live arms: blue 75, green 25",
  ]);
});

test("an endpoint stands without arms while none is approved", async () => {
  const flow = someFlow("web", {
    arms: [someArm("blue", { version: "approved", weight: 100 })],
    mirror: undefined,
  });
  const { all, one, outputs } = await declare(someEnvironment({}, [flow]));
  expect(all(`${ml}:OnlineDeployment`)).toEqual([]);
  expect(one(`${ml}:OnlineEndpoint`).protect).toBe(false);
  expect(one("genaiops:index:EndpointSettings").inputs["weights"]).toEqual({});
  expect(outputs["notices"]).toEqual([
    "flow web: arm blue is left out, no version of model web_dev is approved for dev; its 100 % go nowhere, no other arm is live",
  ]);
});

test("a mirror to an arm that is left out mirrors nothing", async () => {
  const flow = someFlow("web", {
    arms: [
      someArm("blue", { version: 1, weight: 100 }),
      someArm("next", { version: "approved", weight: 0 }),
    ],
    mirror: { arm: "next", percent: 10 },
  });
  const { one, outputs } = await declare(someEnvironment({}, [flow]));
  expect(one("genaiops:index:EndpointSettings").inputs).not.toHaveProperty("mirror");
  expect(outputs["notices"]).toEqual([
    "flow web: arm next is left out, no version of model web_dev is approved for dev; no requests are mirrored",
  ]);
});

test("nothing is asked where no arm waits for an approval", async () => {
  expect((await declare(someEnvironment())).invokes).toEqual([]);
});
