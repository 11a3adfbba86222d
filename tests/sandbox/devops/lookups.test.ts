import * as fs from "node:fs";
import { isRefusal } from "../../../packages/sandbox/devops/devops";
import { invoke } from "../../../packages/sandbox/devops/lookups";
import { symbolicLookUp } from "../../../packages/sandbox/devops/symbolic";
import type { Json } from "../../../packages/sandbox/paths";
import { readOwnFace } from "../../azuredevops/faces/ownFace";
import { readReferenceFace, referencePath } from "../../azuredevops/faces/referenceFace";
import { client, Organisation, tenant } from "./organisation";

const own = readOwnFace();
const people = [{ mail: "lead@contoso.com", name: "Lead" }];

/** A look-up that finds something, with the organisation that it finds it in. */
const finding: [string, (org: Organisation) => Json, Json][] = [
  ["getProject", () => ({ name: "GenAIOps" }), { visibility: "private", versionControl: "Git" }],
  ["getProject", (org) => ({ projectId: org.project }), { name: "genaiops" }],
  [
    "getGitRepository",
    (org) => ({ projectId: org.project, name: (org.repository(), "flows") }),
    { defaultBranch: "refs/heads/main", isFork: false },
  ],
  [
    "getEnvironment",
    (org) => ({ projectId: org.project, environmentId: Number(org.environment().id) }),
    { name: "prod", environmentId: 2 },
  ],
  [
    "getVariableGroup",
    (org) => {
      org.make("VariableGroup", {
        name: "vg",
        projectId: org.project,
        variables: [{ name: "a", value: "1" }],
      });
      return { projectId: org.project, name: "vg" };
    },
    {
      keyVaults: [],
      allowAccess: false,
      variables: [expect.objectContaining({ name: "a", value: "1", secretValue: "" })],
    },
  ],
  [
    "getServiceEndpointAzureRM",
    (org) => ({
      projectId: org.project,
      serviceEndpointName: (org.make("ServiceEndpointAzureRM", org.connectionInputs()), "deploy"),
    }),
    { servicePrincipalId: client, azurermSpnTenantid: tenant, azurermManagementGroupId: "" },
  ],
  [
    "getPool",
    (org) => (org.make("Pool", { name: "vnet" }), { name: "vnet" }),
    { autoUpdate: true, poolType: "automation" },
  ],
  [
    "getAgentQueue",
    (org) => {
      const agentPoolId = Number(org.make("Pool", { name: "vnet" }).id);
      org.make("Queue", { projectId: org.project, agentPoolId });
      return { projectId: org.project, name: "vnet" };
    },
    { agentPoolId: 2 },
  ],
  [
    "getIdentityUsers",
    () => ({ name: "LEAD@contoso.com" }),
    { subjectDescriptor: expect.stringMatching(/^aad\./) },
  ],
  [
    "getUsers",
    () => ({ principalName: "lead@contoso.com" }),
    { users: [expect.objectContaining({ displayName: "Lead" })] },
  ],
  [
    "getUsers",
    (org) => ({ principalName: org.project, subjectTypes: ["svc"] }),
    {
      users: [
        expect.objectContaining({
          displayName: "genaiops Build Service (sandbox)",
          descriptor: expect.stringMatching(/^svc\./),
        }),
      ],
    },
  ],
  [
    "getGroup",
    (org) => ({ projectId: org.project, name: "Contributors" }),
    { descriptor: expect.stringMatching(/^vssgp\./) },
  ],
  [
    "getIdentityGroup",
    (org) => ({ projectId: org.project, name: "[genaiops]\\Readers" }),
    { subjectDescriptor: expect.stringMatching(/^vssgp\./) },
  ],
  ["getTeam", (org) => ({ projectId: org.project, name: "genaiops Team" }), { members: [] }],
  [
    "getDescriptor",
    (org) => ({ storageKey: org.project }),
    { descriptor: expect.stringMatching(/^scp\./) },
  ],
  [
    "getClientConfig",
    () => ({}),
    { tenantId: tenant, organizationUrl: "https://dev.azure.com/sandbox" },
  ],
];

const ask = (org: Organisation, name: string, args: Json) =>
  invoke(org.world, `azuredevops:index/${name}:${name}`, args);

it.each(finding)("%s finds what is there, in the SDK's own shape", (name, args, found) => {
  const org = new Organisation({ people });
  const answer = ask(org, name, args(org));
  expect(isRefusal(answer)).toBe(false);
  expect(answer).toMatchObject(found);
});

it("answers every result that the SDK promises", () => {
  for (const [name, args] of finding) {
    const org = new Organisation({ people });
    const promised = Object.entries(own.functions[name]!.results).filter(
      ([, { required }]) => required,
    );
    const answer = ask(org, name, args(org)) as Json;
    const missing = promised
      .filter(([result]) => answer[result] === undefined)
      .map(([result]) => `${name}.${result}`);
    expect(missing).toEqual([]);
  }
});

it("finds people among people, and the build service among services", () => {
  const org = new Organisation({ people });
  for (const args of [
    { principalName: org.project, subjectTypes: ["aad"] },
    { principalName: "lead@contoso.com", subjectTypes: ["svc"] },
    { principalName: "22222222-2222-4222-8222-222222222222", subjectTypes: ["svc"] },
  ])
    expect(ask(org, "getUsers", args)).toMatchObject({ users: [] });
});

it("is refused where there is nothing to find, or no such function", () => {
  const org = new Organisation({ people });
  expect(ask(org, "getIdentityUsers", { name: "replace@youremail.com" })).toMatchObject({
    status: 404,
    message: 'getIdentityUsers finds nothing for "replace@youremail.com"',
  });
  expect(ask(org, "getFeed", {})).toMatchObject({ code: "NotSimulated" });
});

it("stands for the answer in a plan made without the organisation", () => {
  expect(
    symbolicLookUp("azuredevops:index/getIdentityUsers:getIdentityUsers", {
      name: "lead@contoso.com",
    }),
  ).toEqual({
    name: "lead@contoso.com",
    id: "${getIdentityUsers(lead@contoso.com).id}",
    descriptor: "${getIdentityUsers(lead@contoso.com).descriptor}",
    subjectDescriptor: "${getIdentityUsers(lead@contoso.com).subjectDescriptor}",
  });
  expect(symbolicLookUp("genaiops:index:approvedVersions", {})).toBeUndefined();
});

const present = fs.existsSync(referencePath);
if (!present)
  console.warn(
    `SKIPPED: symbolic answers against the provider's schema, ${referencePath} is absent`,
  );

(present ? it : it.skip)("knows every look-up of the SDK and every result of it", () => {
  const reference = readReferenceFace();
  for (const name of Object.keys(own.functions)) {
    const { inputs, results } = reference.functions[name]!;
    const given = Object.fromEntries(Object.keys(inputs).map((input) => [input, input]));
    expect(
      Object.keys(symbolicLookUp(`azuredevops:index/${name}:${name}`, given) ?? {}).sort(),
    ).toEqual(Object.keys(results).sort());
  }
});
