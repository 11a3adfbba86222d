import { guid, parentId } from "../ids";
import { valueAt } from "../paths";
import { cancelJob, jobRules } from "../rules/job";
import type { ResourceType } from "./type";
import { workspacePath } from "./workspace";

/** Command jobs. What runs them is `server/jobs.ts`; here they are written, looked at and cancelled. */
export const jobTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:machinelearningservices:Job": {
    path: `${workspacePath}/jobs/{id}`,
    name: {
      min: 1,
      max: 255,
      pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
      says: "letters, digits, hyphens and underscores, starting with a letter or digit",
      source: "swagger mfe.json, parameter id of Jobs",
    },
    defaults: {
      "properties.experimentName": "Default",
      "properties.isArchived": false,
    },
    computed: {
      // Moved on by what runs the job, and by nothing else.
      "properties.status": ({ before }) => valueAt(before, "properties.status") ?? "NotStarted",
      "properties.services": ({ id, name }) => ({
        Studio: {
          jobServiceType: "Studio",
          endpoint: `https://ml.azure.com/runs/${name}?wsid=${parentId(id)}&tid=${guid(id, "tenant")}`,
        },
      }),
    },
    references: ["properties.computeId", "properties.environmentId"],
    writeRules: jobRules,
    actions: { cancel: cancelJob },
  },
};
