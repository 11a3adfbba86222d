import type { Json } from "../../provider/resourceManager";

/** Where a job goes, and what it is given: addresses of blobs, and no secret. */
export interface JobParts {
  readonly displayName: string;
  /** Flow, environment and run, for whoever looks into the studio. */
  readonly tags: Readonly<Record<string, string>>;
  /** Jobs of one experiment stand together in the studio. */
  readonly experimentName: string;
  /** ARM id of the image's environment asset. */
  readonly environmentId: string;
  readonly compute: JobCompute;
  /** Client id of the identity that the job runs as. */
  readonly clientId: string;
  /** Addresses in the workspace's datastore. */
  readonly inputs: Readonly<Record<"code" | "plan" | "flow" | "data", string>>;
  readonly results: string;
}

/** A cluster by its ARM id, or, without one, a serverless node of a size. */
export type JobCompute = { readonly computeId: string } | { readonly instanceType: string };

/**
 * The ARM body of a command job (REST Jobs - Create Or Update). Inputs are mounted to read; results are written
 * through, so that what is finished is there whatever happens to the job afterwards.
 */
export function jobBody(parts: JobParts): Json {
  const { compute, inputs } = parts;
  const folder = (uri: string) => ({ jobInputType: "uri_folder", uri, mode: "ReadOnlyMount" });
  return {
    properties: {
      jobType: "Command",
      displayName: parts.displayName,
      experimentName: parts.experimentName,
      command:
        "python ${{inputs.code}}/job.py --plan ${{inputs.plan}}/plan.json --flow ${{inputs.flow}} " +
        "--data ${{inputs.data}} --results ${{outputs.results}}",
      environmentId: parts.environmentId,
      ...("computeId" in compute
        ? { computeId: compute.computeId }
        : { resources: { instanceType: compute.instanceType, instanceCount: 1 } }),
      identity: { identityType: "Managed", clientId: parts.clientId },
      // Azure's own clients in Python take the identity from here.
      environmentVariables: { AZURE_CLIENT_ID: parts.clientId },
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, uri]) => [name, folder(uri)])),
      outputs: {
        results: { jobOutputType: "uri_folder", uri: parts.results, mode: "ReadWriteMount" },
      },
      tags: parts.tags,
    },
  };
}

/**
 * The job of a run: its content key, so that the same work finds its job wherever the command is repeated, and
 * the number of the attempt, since a job that has ended cannot start again.
 */
export function jobName(flow: string, key: string, attempt: number): string {
  return `${flow.replace(/[^A-Za-z0-9-]/g, "-")}-${key}-${attempt}`;
}

/** Whether a job still has to end: swagger JobStatus. */
export function isLive(status: string): boolean {
  return !["Completed", "Failed", "Canceled", "NotResponding"].includes(status);
}
