import { declare } from "../support/declared";
import { someEnvironment } from "../support/environment";

test("an account's model deployments are made one after another, and endpoints wait for all", async () => {
  const deployments = ["first", "second", "third"].map((name) => ({
    name,
    model: "gpt-4o",
    version: "2024-11-20",
    capacity: 1,
  }));
  const { one } = await declare(someEnvironment({ openAI: { mode: "create", deployments } }));
  const model = (name: string) => one("azure-native:cognitiveservices:Deployment", name);
  const waitsFor = (name: string) =>
    model(name).after.filter((other) => other.startsWith("openai."));
  expect(waitsFor("openai.first")).toEqual([]);
  expect(waitsFor("openai.second")).toEqual(["openai.first"]);
  expect(waitsFor("openai.third")).toEqual(["openai.second"]);
  expect(one("azure-native:machinelearningservices:OnlineEndpoint").after).toEqual(
    expect.arrayContaining(["openai.first", "openai.second", "openai.third"]),
  );
});
