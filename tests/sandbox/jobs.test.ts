import {
  identityId,
  inWorkspace,
  ml,
  said,
  withWorkspace,
  workspaceId,
  type Inputs,
} from "./support";
import { environment, identity, idOf, location, native, type Caller } from "./support";

/** Command jobs: what Azure Machine Learning refuses of them when they are written. */

const token = ml("Job");
const compute = `${workspaceId}/computes/cpu-cluster`;
const uri = `azureml:/${workspaceId.replace("/providers/Microsoft.MachineLearningServices", "").replace("resourceGroups", "resourcegroups")}/datastores/workspaceblobstore/paths/data`;
const clientOf = (caller: Caller, name: string) =>
  (caller.get(identityId(name))["properties"] as { clientId: string }).clientId;

const job = (properties: Inputs = {}, id = "run-1"): Inputs => ({
  ...inWorkspace,
  id,
  properties: {
    jobType: "Command",
    command: "python ${{inputs.code}}/job.py",
    computeId: compute,
    environmentId: idOf(ml("EnvironmentVersion"), environment),
    inputs: { code: { jobInputType: "uri_folder", uri, mode: "ReadOnlyMount" } },
    ...properties,
  },
});

function ready(): Caller {
  const caller = withWorkspace();
  caller.make(ml("EnvironmentVersion"), environment);
  caller.make(native("managedidentity:UserAssignedIdentity"), identity("id-jobs"));
  caller.make(ml("Compute"), {
    ...inWorkspace,
    computeName: "cpu-cluster",
    location,
    identity: { type: "UserAssigned", userAssignedIdentities: [identityId("id-jobs")] },
    properties: { computeType: "AmlCompute" },
  });
  return caller;
}

test("a job begins as NotStarted, with a page in the studio", () => {
  expect(ready().make(token, job())["properties"]).toMatchObject({
    status: "NotStarted",
    experimentName: "Default",
    services: { Studio: { jobServiceType: "Studio" } },
  });
});

test.each<[string, Inputs, string]>([
  ["a compute that does not exist", { computeId: `${workspaceId}/computes/gpu` }, "/computes/gpu"],
  [
    "an environment that does not exist",
    { environmentId: `${workspaceId}/environments/x/versions/1` },
    "/environments/x/versions/1",
  ],
  [
    "no place to run",
    { computeId: undefined },
    "A job without computeId needs resources.instanceType.",
  ],
  [
    "a compute that is none of the workspace",
    { computeId: workspaceId },
    "computeId is no compute of this workspace",
  ],
  [
    "an input that the job does not have",
    { command: "python ${{inputs.other}}/job.py" },
    "The command uses ${{inputs.other}}, which the job does not have.",
  ],
  [
    "an address outside of datastores",
    { inputs: { code: { jobInputType: "uri_folder", uri: "https://example.org/a" } } },
    "inputs.code.uri is no path of a datastore",
  ],
  [
    "an identity that the compute does not have",
    { identity: { identityType: "Managed", clientId: "11111111-0000-4000-8000-000000000000" } },
    "is not assigned to",
  ],
])("%s is refused", (_, properties, message) => {
  const answer = said(ready().put(token, job(properties)));
  expect(answer).toMatch(/^4\d\d /);
  expect(answer).toContain(message);
});

test("unknown properties, unknown types of jobs and a status of one's own are refused", () => {
  const caller = ready();
  const send = (properties: Inputs) =>
    said(caller.send("PUT", `${workspaceId}/jobs/run-1`, { properties }));
  const sound = job()["properties"] as Inputs;
  expect(send({ ...sound, comand: "x" })).toContain("Could not find member 'properties.comand'");
  expect(send({ ...sound, jobType: "Comand" })).toMatch(/^400 /);
  expect(send({ ...sound, status: "Completed" })).toContain("'properties.status' is read-only");
  expect(send({ jobType: "Command", command: "x" })).toContain(
    "properties.environmentId is required",
  );
  expect(said(caller.send("PUT", `${workspaceId}/jobs/run.1`, { properties: sound }))).toMatch(
    /^400 /,
  );
});

test("the cluster's own identity is taken, and without a cluster one of the workspace", () => {
  const caller = ready();
  const managed = (name: string) => ({
    identity: { identityType: "Managed", clientId: clientOf(caller, name) },
  });
  const serverless = { computeId: undefined, resources: { instanceType: "Standard_DS3_v2" } };
  expect(said(caller.put(token, job(managed("id-jobs"))))).toBe("201");
  expect(said(caller.put(token, job({ ...serverless, ...managed("id-ws") }, "run-2")))).toBe("201");
  expect(said(caller.put(token, job({ ...serverless, ...managed("id-jobs") }, "run-3")))).toContain(
    "is not assigned to",
  );
});

test("a name is one job: tags may change, its work may not", () => {
  const caller = ready();
  caller.make(token, job());
  expect(said(caller.put(token, job({ tags: { a: "b" } })))).toBe("200");
  expect(said(caller.put(token, job({ command: "python ${{inputs.code}}/other.py" })))).toMatch(
    /^400 UserError: A job with this name already exists \(run-1\)/,
  );
});

test("a job that has not ended can be cancelled", () => {
  const caller = ready();
  const id = `${workspaceId}/jobs/run-1`;
  expect(said(caller.send("POST", `${id}/cancel`))).toMatch(/^404 /);
  caller.make(token, job());
  expect(said(caller.send("POST", `${id}/cancel`))).toBe("202");
  expect(caller.get(id)["properties"]).toMatchObject({ status: "CancelRequested" });
});
