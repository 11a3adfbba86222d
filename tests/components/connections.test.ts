import { connectionNotices, ownAccountUse } from "../../components/connections";
import { outsideHosts } from "../../components/network";
import type { ConnectionSettings } from "../../config/settings";
import { declare } from "../support/declared";
import { someEnvironment } from "../support/environment";

const connection = "azure-native:machinelearningservices:WorkspaceConnection";
const apiVersion = "2024-10-21";
const openAI = { mode: "create" };
/** How a secret looks on the wire (sdk/nodejs/runtime/rpc.ts). */
const secret = (value: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

const all: Record<string, [Record<string, unknown>, Record<string, unknown>]> = {
  "Azure OpenAI of the stack, by Entra tokens": [
    { name: "aoai", type: "azureOpenAI" },
    {
      authType: "AAD",
      category: "AzureOpenAI",
      isSharedToAll: true,
      target: "<openai.properties.endpoint>",
      metadata: { ApiType: "Azure", ApiVersion: apiVersion, ResourceId: "<openai.id>" },
    },
  ],
  "Azure OpenAI elsewhere, by key": [
    { name: "aoai", type: "azureOpenAI", target: "https://other.openai.azure.com", secret: "k" },
    {
      authType: "ApiKey",
      category: "AzureOpenAI",
      credentials: { key: secret("CANARY") },
      isSharedToAll: true,
      target: "https://other.openai.azure.com",
      metadata: { ApiType: "Azure", ApiVersion: apiVersion },
    },
  ],
  OpenAI: [
    { name: "openai", type: "openAI", secret: "k" },
    {
      authType: "ApiKey",
      category: "OpenAI",
      credentials: { key: secret("CANARY") },
      isSharedToAll: true,
      target: "https://api.openai.com/v1",
    },
  ],
  "AI Search, by Entra tokens": [
    { name: "search", type: "aiSearch", target: "https://docs.search.windows.net" },
    {
      authType: "AAD",
      category: "CognitiveSearch",
      isSharedToAll: true,
      target: "https://docs.search.windows.net",
    },
  ],
};

test.each(Object.entries(all))("%s", async (_, [settings, properties]) => {
  const { one } = await declare(someEnvironment({ openAI, connections: [settings] }), {
    secrets: { k: "CANARY" },
  });
  expect(one(connection).inputs).toEqual({
    resourceGroupName: "<resource-group.name>",
    workspaceName: "<workspace.name>",
    connectionName: settings["name"],
    properties,
  });
});

test("the account's keys are on only while a connection uses one", async () => {
  const { one } = await declare(
    someEnvironment({ openAI, connections: [{ name: "aoai", type: "azureOpenAI", secret: "k" }] }),
    { secrets: { k: "CANARY" } },
  );
  expect(one("azure-native:cognitiveservices:Account").inputs["properties"]).toMatchObject({
    disableLocalAuth: false,
  });
  expect(one("genaiops:platform:Identity", "endpoint-identity.web").inputs).toEqual({});
});

const own = { name: "aoai", type: "azureOpenAI", apiVersion } as const;
const other = { ...own, target: "https://other.openai.azure.com" };
const search = {
  name: "search",
  type: "aiSearch",
  target: "https://docs.search.windows.net",
} as const;
const key = { name: "openai", type: "openAI", secret: "k" } as const;

test.each<[ConnectionSettings[], boolean, boolean]>([
  [[], false, false],
  [[own], false, true],
  [[{ ...own, secret: "k" }], true, false],
  [[own, { ...own, secret: "k" }], true, true],
  [[other, search, key], false, false],
])("use of the stack's own account by %j: keys %s, tokens %s", (connections, keys, tokens) => {
  expect(ownAccountUse(connections)).toEqual({ keys, tokens });
});

test("hosts outside of the stack, each once", () => {
  expect(outsideHosts([own, other, search, search, key])).toEqual([
    "api.openai.com",
    "docs.search.windows.net",
    "other.openai.azure.com",
  ]);
});

test("roles on services outside of the stack are told", () => {
  expect(connectionNotices([own, key, other, { ...other, secret: "k" }, search])).toEqual([
    'connection aoai uses Entra tokens: grant "Cognitive Services OpenAI User" on https://other.openai.azure.com to the endpoints\' identities',
    'connection search uses Entra tokens: grant "Search Index Data Reader" on https://docs.search.windows.net to the endpoints\' identities',
  ]);
});

test("in a closed network each host outside gets a rule, one after another", async () => {
  const { all: found } = await declare(
    someEnvironment({ network: "closed", openAI, connections: [own, search, key] }),
    { secrets: { k: "CANARY" } },
  );
  const rules = found("azure-native:machinelearningservices:ManagedNetworkSettingsRule");
  const fqdn = (destination: string) => ({ type: "FQDN", category: "UserDefined", destination });
  const before = ["openai", "resource-group", "workspace"];
  expect(rules.map(({ inputs, after }) => [inputs["properties"], after])).toEqual([
    [fqdn("api.openai.com"), ["network.openai", "resource-group", "workspace"]],
    [fqdn("docs.search.windows.net"), ["network.api-openai-com", "resource-group", "workspace"]],
    [
      {
        type: "PrivateEndpoint",
        category: "UserDefined",
        destination: {
          serviceResourceId: "<openai.id>",
          subresourceTarget: "account",
          sparkEnabled: false,
        },
      },
      before,
    ],
  ]);
});
