import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import {
  cloudFromEnvironment,
  credentialFrom,
  resourceManagerScope,
} from "../../packages/provider/cloud";
import { sandboxPerson } from "../../packages/sandbox/server";
import { TestSandbox } from "../sandbox/server/sandbox";

describe("the addresses", () => {
  it("are those of the public cloud by default", () => {
    const cloud = cloudFromEnvironment({});
    expect([
      cloud.resourceManager,
      cloud.blobEndpoint("stone"),
      resourceManagerScope(cloud),
    ]).toEqual([
      "https://management.azure.com",
      "https://stone.blob.core.windows.net",
      "https://management.azure.com/.default",
    ]);
  });

  it("come from the environment, and the scope of a token follows them", () => {
    const cloud = cloudFromEnvironment({
      GENAIOPS_RESOURCE_MANAGER: "https://management.chinacloudapi.cn/",
      GENAIOPS_BLOB_ENDPOINT: "https://127.0.0.1:1/blob/{account}/",
    });
    expect([
      cloud.resourceManager,
      cloud.blobEndpoint("stone"),
      resourceManagerScope(cloud),
    ]).toEqual([
      "https://management.chinacloudapi.cn",
      "https://127.0.0.1:1/blob/stone",
      "https://management.chinacloudapi.cn/.default",
    ]);
  });
});

describe("the login", () => {
  const tenant = "00000000-0000-0000-0000-00000000000a";
  const client = "aaaaaaaa-0000-4000-8000-000000000011";

  it.each<[string, Record<string, string>, string]>([
    ["nothing set", {}, "DefaultAzureCredential"],
    ["only a client", { ARM_CLIENT_ID: client }, "DefaultAzureCredential"],
    [
      "a secret of azure-native's",
      { ARM_CLIENT_ID: client, ARM_TENANT_ID: tenant, ARM_CLIENT_SECRET: "x" },
      "ClientSecretCredential",
    ],
    [
      "a token of azure-native's",
      { ARM_CLIENT_ID: client, ARM_TENANT_ID: tenant, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "x" },
      "ClientAssertionCredential",
    ],
    [
      "a token file of azure-native's",
      {
        ARM_CLIENT_ID: client,
        ARM_TENANT_ID: tenant,
        ARM_USE_OIDC: "true",
        ARM_OIDC_TOKEN_FILE_PATH: "/x",
      },
      "ClientAssertionCredential",
    ],
    [
      "a token that is not to be used",
      { ARM_CLIENT_ID: client, ARM_TENANT_ID: tenant, ARM_OIDC_TOKEN: "x" },
      "DefaultAzureCredential",
    ],
    [
      "OIDC without a token",
      { ARM_CLIENT_ID: client, ARM_TENANT_ID: tenant, ARM_USE_OIDC: "true" },
      "DefaultAzureCredential",
    ],
  ])("with %s", async (_, variables, kind) => {
    expect((await credentialFrom(variables)).constructor.name).toBe(kind);
  });

  it("by the token file of azure-native's variables gets a token from the authority of the environment", async () => {
    const test = await TestSandbox.start();
    const { url, environment } = test.sandbox;
    const program =
      'const { cloudFromEnvironment, resourceManagerScope } = require("./packages/provider/cloud");' +
      "const cloud = cloudFromEnvironment();" +
      "cloud.credential.getToken(resourceManagerScope(cloud)).then(({ token }) => console.log(token));";
    const { stdout } = await promisify(execFile)("node", ["--require", "tsx/cjs", "-e", program], {
      cwd: path.resolve(__dirname, "../.."),
      env: {
        PATH: process.env["PATH"],
        NODE_EXTRA_CA_CERTS: test.sandbox.certificateFile,
        GENAIOPS_RESOURCE_MANAGER: url,
        AZURE_AUTHORITY_HOST: url,
        ARM_CLIENT_ID: environment["AZURE_CLIENT_ID"],
        ARM_TENANT_ID: environment["AZURE_TENANT_ID"],
        ARM_USE_OIDC: "true",
        ARM_OIDC_TOKEN_FILE_PATH: environment["AZURE_FEDERATED_TOKEN_FILE"],
      },
    }).finally(() => test.close());
    const claims = JSON.parse(Buffer.from(stdout.split(".")[1]!, "base64url").toString()) as object;
    expect(claims).toMatchObject({ aud: url, oid: sandboxPerson.objectId, tid: tenant });
  }, 60_000);
});
