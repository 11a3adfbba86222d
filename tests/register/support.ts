import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hashFolder } from "../../config/hash";
import { readEnvironment } from "../../config/read";
import type { EvaluationIndex, RunIndex } from "../../packages/cli/experiment/results";
import { resultsFolder, writeIndex } from "../../packages/cli/experiment/results";
import { sandboxPerson } from "../../packages/sandbox/server";
import { type Resource, storageFor } from "../sandbox/server/sandbox";

const ml = "azure-native:machinelearningservices";

/** What stands in Azure before anything is registered: a stack's workspace with its datastore. */
export function workspaceOf(
  root: string,
  stack: string,
): { id: string; registry: string; resources: Resource[] } {
  const { subscriptionId, names, settings } = readEnvironment({ root, stack });
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}`;
  const id = `${group}/providers/Microsoft.MachineLearningServices/workspaces/${names.workspace}`;
  const account = `${group}/providers/Microsoft.Storage/storageAccounts/${names.storage}`;
  const registry = `${group}/providers/Microsoft.MachineLearningServices/registries/${names.machineLearningRegistry}`;
  const body = { location: "swedencentral" };
  return {
    id,
    registry,
    resources: [
      ...(settings.machineLearningRegistry
        ? [{ id: registry, token: `${ml}:Registry`, body }]
        : []),
      { id: group, token: "azure-native:resources:ResourceGroup", body },
      { id, token: `${ml}:Workspace`, body },
      {
        id: `${id}/datastores/workspaceblobstore`,
        token: `${ml}:Datastore`,
        body: {
          properties: {
            datastoreType: "AzureBlob",
            accountName: names.storage,
            containerName: "azureml-blobstore-one",
          },
        },
      },
      ...storageFor(sandboxPerson, account, "azureml-blobstore-one"),
    ],
  };
}

/** Leave the results of a run of one line and its evaluation, as `run` and `evaluate` do. */
export function leaveResults(root: string, flow: string, env: string, accuracy: number): void {
  const folder = resultsFolder(root, flow, env);
  const run = { name: "pages.default", key: "k".repeat(20) };
  const csv =
    "line,status,outputs.category,error,seconds,prompt_tokens,completion_tokens\r\n1,completed,News,,1,1,1\r\n";
  const runs: RunIndex = {
    experiment: "web_classification",
    flow,
    environment: env,
    model: hashFolder(root, `flows/${flow}`).hash,
    defaults: {},
    runs: [
      {
        ...run,
        dataset: "pages",
        source: "data/pages.jsonl",
        datasetHash: "d".repeat(64),
        configuration: "default",
        parameters: { environment: {}, inputs: {}, init: {}, nodes: {} },
        baseline: true,
        chunkSize: 100,
        lines: 1,
        failed: 0,
        csv: "runs/pages.default.csv",
      },
    ],
  };
  const evaluations: EvaluationIndex = {
    evaluations: [
      {
        run: run.name,
        runKey: run.key,
        key: "e".repeat(20),
        evaluator: "grading",
        lines: 1,
        failed: 0,
        metrics: { accuracy },
        csv: "evaluations/pages.default/grading.csv",
        resamples: "evaluations/pages.default/grading.json",
      },
    ],
  };
  mkdirSync(path.join(folder, "runs"), { recursive: true });
  mkdirSync(path.join(folder, "evaluations/pages.default"), { recursive: true });
  writeFileSync(path.join(folder, "runs/pages.default.csv"), csv);
  writeFileSync(path.join(folder, "evaluations/pages.default/grading.csv"), csv);
  writeFileSync(path.join(folder, "evaluations/pages.default/grading.json"), "{}");
  writeIndex(folder, runs);
  writeIndex(folder, evaluations);
}
