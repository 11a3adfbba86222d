import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime";
import * as azuredevops from "@pulumi/azuredevops";
import type { ResourceDescription } from "../../packages/azuredevops/resource";

type Bag = Record<string, unknown>;
type AnyClass = (new (name: string, args: Bag, opts?: object) => pulumi.CustomResource) & {
  description: ResourceDescription;
  isInstance(value: unknown): boolean;
};

const canary = "canary-7f1e";
const registered = new Map<string, MockResourceArgs>();
const called: MockCallArgs[] = [];

const classes = Object.entries(azuredevops as unknown as Record<string, AnyClass>).filter(
  ([, exported]) => exported.description,
);

/** Every input with a value that tells where it came from; lists and blocks where secrets lie. */
function everyInput({ roles, secrets }: ResourceDescription): Bag {
  const inputs: Bag = {};
  for (const [name, role] of Object.entries(roles)) {
    if (role !== "computed") inputs[name] = `given ${name}`;
  }
  const blocks: Record<string, Bag> = {};
  for (const path of secrets ?? []) {
    const [owner = "", leaf = ""] = path.split(".");
    (blocks[owner] ??= { plain: "plain" })[leaf] = canary;
  }
  for (const [owner, block] of Object.entries(blocks)) {
    if (owner.endsWith("[]")) inputs[owner.slice(0, -2)] = [block];
    else inputs[owner] = block;
  }
  return inputs;
}

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.set(args.name, args);
      return { id: `${args.name}-id`, state: { ...args.inputs } };
    },
    call: (args) => {
      called.push(args);
      return { ...args.inputs, id: "found" };
    },
  }),
);

describe.each(classes)("%s in a program", (name, Resource) => {
  const { description } = Resource;

  it("sends every input under its own name, and secrets as secrets", async () => {
    const inputs = everyInput(description);
    const computed = Object.fromEntries(
      Object.keys(description.roles)
        .filter((property) => description.roles[property] === "computed")
        .map((property) => [property, "dropped"]),
    );
    const resource = new Resource(name, { ...inputs, ...computed, unheardOf: "dropped" });
    await settled(resource.urn);
    const request = registered.get(name);
    expect(request?.type).toBe(description.token);
    expect(Object.keys(request?.inputs as Bag).sort()).toEqual(Object.keys(inputs).sort());
    for (const path of description.secrets ?? []) {
      const property = path.split(/\.|\[/)[0] ?? "";
      const output = (resource as unknown as Record<string, pulumi.Output<unknown>>)[property];
      expect(await pulumi.isSecret(output as pulumi.Output<unknown>)).toBe(true);
      expect(JSON.stringify(await settled(output))).toContain(canary);
    }
    expect(Resource.isInstance(resource)).toBe(true);
    expect(classes.filter(([, Other]) => Other.isInstance(resource))).toHaveLength(1);
  });

  it("has an output for every property", async () => {
    const resource = new Resource(`${name}-outputs`, everyInput(description));
    await settled(resource.urn);
    for (const property of Object.keys(description.roles)) {
      expect(pulumi.Output.isInstance((resource as unknown as Bag)[property])).toBe(true);
    }
  });

  const required = Object.keys(description.roles).filter(
    (property) => description.roles[property] === "required",
  );
  it(`refuses to be declared without each of: ${required.join(", ") || "nothing"}`, () => {
    for (const property of required) {
      const { [property]: _, ...others } = everyInput(description);
      expect(() => new Resource(`${name}-without`, others)).toThrow(
        new Error(`Missing required property '${property}'`),
      );
    }
  });
});

it("reads an existing resource by id, with no input asked for", async () => {
  const git = azuredevops.Git.get("existing", "1b4e28ba", { webUrl: "https://known" });
  await settled(git.urn);
  expect(registered.get("existing")).toMatchObject({
    id: "1b4e28ba",
    inputs: { webUrl: "https://known" },
  });
});

it("masks the secret of a list alone, also when the list is an output", async () => {
  const variables = pulumi.output([
    { name: "open", value: "read me" },
    { name: "shut", isSecret: true, secretValue: canary },
  ]);
  const group = new azuredevops.VariableGroup("mixed", { projectId: "p", variables });
  expect(await pulumi.isSecret(group.variables)).toBe(true);
  const open = new azuredevops.VariableGroup("open", {
    projectId: "p",
    variables: [{ name: "open", value: "read me" }],
  });
  expect(await pulumi.isSecret(open.variables)).toBe(false);
});

it("keeps the provider's secrets secret and sends other settings as text", async () => {
  const provider = new azuredevops.Provider("signed-in", {
    orgServiceUrl: "https://dev.azure.com/contoso",
    personalAccessToken: canary,
    useOidc: true,
    auxiliaryTenantIds: ["a", "b"],
  });
  await settled(provider.urn);
  const inputs = registered.get("signed-in")?.inputs as Bag;
  expect(inputs).toMatchObject({
    orgServiceUrl: "https://dev.azure.com/contoso",
    useOidc: "true",
    auxiliaryTenantIds: '["a","b"]',
  });
  expect(inputs.personalAccessToken).toEqual(expect.objectContaining({ value: canary }));
  expect(azuredevops.Provider.isInstance(provider)).toBe(true);
});

it("reads the stack's settings when they are asked for", () => {
  pulumi.runtime.setAllConfig({
    "azuredevops:useOidc": "true",
    "azuredevops:auxiliaryTenantIds": '["a"]',
    "azuredevops:tenantId": "t",
  });
  process.env.AZDO_ORG_SERVICE_URL = "https://dev.azure.com/from-environment";
  expect(azuredevops.config).toMatchObject({
    useOidc: true,
    auxiliaryTenantIds: ["a"],
    tenantId: "t",
    orgServiceUrl: "https://dev.azure.com/from-environment",
    clientSecret: undefined,
  });
  delete process.env.AZDO_ORG_SERVICE_URL;
});

it("looks up under the public token, in both forms", async () => {
  await azuredevops.getGitRepository({ name: "flows", projectId: "p" });
  const found = azuredevops.getAgentQueueOutput({ name: "pool", projectId: pulumi.output("p") });
  expect(await settled(found.id)).toBe("found");
  await azuredevops.getClientConfig();
  expect(called.map(({ token, inputs }) => [token, inputs])).toEqual([
    ["azuredevops:index/getGitRepository:getGitRepository", { name: "flows", projectId: "p" }],
    ["azuredevops:index/getAgentQueue:getAgentQueue", { name: "pool", projectId: "p" }],
    ["azuredevops:index/getClientConfig:getClientConfig", {}],
  ]);
});

function settled<T>(output: pulumi.Output<T> | undefined): Promise<T> {
  return new Promise((resolve) => output?.apply(resolve));
}
