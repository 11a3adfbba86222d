import type { Scale } from "../../config/scaleSettings";
import { settingsSchema } from "../../config/settings";
import { declare } from "../support/declared";
import {
  cluster,
  onKubernetes,
  onWebApp,
  registration,
  someEnvironment,
  someFlow,
} from "../support/environment";

const ml = "azure-native:machinelearningservices";
const setting = "azure-native:monitor:AutoscaleSetting";

/** A scale as the reader makes it. */
function scaleOf(text: Record<string, unknown>): Scale {
  const { flows } = settingsSchema.parse({
    network: "open",
    flows: { web: { arms: {}, scale: { min: 2, max: 5, ...text } } },
  });
  return flows["web"]?.scale as Scale;
}

const rule = (
  operator: string,
  threshold: number,
  direction: string,
  value: string,
  metricName = "CpuUtilizationPercentage",
) => ({
  metricTrigger: {
    metricName,
    metricResourceUri: "<web.blue.id>",
    operator,
    threshold,
    statistic: "Average",
    timeAggregation: "Average",
    timeGrain: "PT1M",
    timeWindow: "PT5M",
  },
  scaleAction: { direction, type: "ChangeCount", value, cooldown: "PT5M" },
});

test("each managed arm has its autoscale setting, and its capacity is then left alone", async () => {
  const flow = someFlow("web", { scale: scaleOf({}) });
  const { one, all } = await declare(someEnvironment({}, [flow]));
  expect(all(setting).map(({ name }) => name)).toEqual(["web.blue.scale", "web.green.scale"]);
  const { inputs, parent, deletedWith } = one(setting, "web.blue.scale");
  expect(inputs).toEqual({
    resourceGroupName: "<resource-group.name>",
    autoscaleSettingName: "web-dev-cibxs2-blue",
    location: "swedencentral",
    enabled: true,
    targetResourceUri: "<web.blue.id>",
    profiles: [
      {
        name: "default",
        capacity: { minimum: "2", maximum: "5", default: "2" },
        rules: [rule("GreaterThan", 70, "Increase", "2"), rule("LessThan", 30, "Decrease", "1")],
      },
    ],
    tags: { project: "genaiops-platform", environment: "dev" },
  });
  expect({ parent, deletedWith }).toEqual({ parent: "web", deletedWith: undefined });
  for (const arm of all(`${ml}:OnlineDeployment`)) {
    expect(arm.ignoreChanges).toEqual(["sku.capacity"]);
    expect(arm.inputs["properties"]).toMatchObject({ scaleSettings: { scaleType: "Default" } });
  }
});

test("a period begins with one profile and ends with another, and there is no other", async () => {
  const period = {
    name: "day",
    days: ["Monday", "Friday"],
    from: "08:30",
    to: "18:00",
    min: 3,
    max: 9,
  };
  const scale = scaleOf({
    rules: [{ metric: "memory", above: 80, add: 1 }],
    schedule: [period],
    timeZone: "W. Europe Standard Time",
  });
  const { one } = await declare(someEnvironment({}, [someFlow("web", { scale })]));
  const rules = [rule("GreaterThan", 80, "Increase", "1", "CpuMemoryUtilizationPercentage")];
  const at = (hours: number, minutes: number) => ({
    frequency: "Week",
    schedule: {
      timeZone: "W. Europe Standard Time",
      days: ["Monday", "Friday"],
      hours: [hours],
      minutes: [minutes],
    },
  });
  expect(one(setting, "web.blue.scale").inputs["profiles"]).toEqual([
    {
      name: "day",
      capacity: { minimum: "3", maximum: "9", default: "3" },
      rules,
      recurrence: at(8, 30),
    },
    {
      name: '{"name":"default","for":"day"}',
      capacity: { minimum: "2", maximum: "5", default: "2" },
      rules,
      recurrence: at(18, 0),
    },
  ]);
});

test("all arms of a Web App share its plan, so the plan alone is scaled", async () => {
  const flow = onWebApp(someFlow("web", { scale: scaleOf({}) }));
  const { one } = await declare(someEnvironment(registration, [flow]));
  const { inputs, parent, deletedWith } = one(setting);
  const measured = (trigger: ReturnType<typeof rule>) => ({
    ...trigger,
    metricTrigger: { ...trigger.metricTrigger, metricResourceUri: "<web.plan.id>" },
  });
  expect(inputs).toMatchObject({
    resourceGroupName: "<resource-group.name>",
    autoscaleSettingName: "web-dev-app-cibxs2",
    targetResourceUri: "<web.plan.id>",
    profiles: [
      {
        capacity: { minimum: "2", maximum: "5", default: "2" },
        rules: [
          measured(rule("GreaterThan", 70, "Increase", "2", "CpuPercentage")),
          measured(rule("LessThan", 30, "Decrease", "1", "CpuPercentage")),
        ],
      },
    ],
  });
  expect({ parent, deletedWith }).toEqual({ parent: "web", deletedWith: undefined });
  expect(one("azure-native:web:AppServicePlan").ignoreChanges).toEqual(["sku.capacity"]);
});

test("on Kubernetes the cluster's router scales", async () => {
  const flow = onKubernetes(someFlow("web", { scale: scaleOf({}) }), { utilization: 60 });
  const { all } = await declare(someEnvironment(cluster, [flow]));
  expect(all(setting)).toEqual([]);
  for (const arm of all(`${ml}:OnlineDeployment`)) {
    expect(arm.ignoreChanges).toEqual(["sku.capacity"]);
    expect(arm.inputs["properties"]).toMatchObject({
      scaleSettings: {
        scaleType: "TargetUtilization",
        minInstances: 2,
        maxInstances: 5,
        targetUtilizationPercentage: 60,
      },
    });
  }
});
