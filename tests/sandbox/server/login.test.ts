import * as fs from "node:fs";
import { ClientSecretCredential, WorkloadIdentityCredential } from "@azure/identity";
import { sandboxPerson } from "../../../packages/sandbox/server";
import { TestSandbox, group } from "./sandbox";

const application = {
  clientId: "aaaaaaaa-0000-4000-8000-000000000001",
  objectId: "aaaaaaaa-0000-4000-8000-000000000002",
  clientSecret: "kept-in-memory",
};
const hourAhead = Math.floor(Date.now() / 1000) + 3600;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const assertion = (claims: object): string =>
  `${part({ alg: "none" })}.${part({ exp: hourAhead, ...claims })}.x`;
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));

describe("logging in", () => {
  let test: TestSandbox;
  beforeAll(async () => {
    test = await TestSandbox.start({ applications: [application] });
  });
  afterAll(() => test.close());

  const options = () => ({
    authorityHost: test.sandbox.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: test.ca },
  });
  const scope = "https://management.azure.com/.default";
  const tenantId = () => test.sandbox.environment.AZURE_TENANT_ID ?? "";

  it("gives @azure/identity's WorkloadIdentityCredential the sandbox person's token", async () => {
    const credential = new WorkloadIdentityCredential({
      ...options(),
      tenantId: tenantId(),
      clientId: test.sandbox.environment.AZURE_CLIENT_ID,
      tokenFilePath: test.sandbox.environment.AZURE_FEDERATED_TOKEN_FILE,
    });
    const { token, expiresOnTimestamp } = await credential.getToken(scope);
    expect(claimsOf(token)).toMatchObject({
      aud: "https://management.azure.com",
      oid: sandboxPerson.objectId,
      appid: sandboxPerson.clientId,
      tid: tenantId(),
    });
    expect(Math.abs(expiresOnTimestamp - Date.now() - 3600_000)).toBeLessThan(60_000);
  });

  it("gives ClientSecretCredential the token of an application of the settings", async () => {
    const credential = new ClientSecretCredential(
      tenantId(),
      application.clientId,
      application.clientSecret,
      options(),
    );
    expect(claimsOf((await credential.getToken(scope)).token).oid).toBe(application.objectId);
  });

  it("refuses a wrong secret, an unknown application and another tenant as Entra does", async () => {
    const wrong = new ClientSecretCredential(
      tenantId(),
      application.clientId,
      "guessed",
      options(),
    );
    await expect(wrong.getToken(scope)).rejects.toThrow(/AADSTS7000215/);
    const form = { client_id: "aaaaaaaa-0000-4000-8000-00000000000f", client_secret: "x" };
    const stranger = await test.logIn(form);
    expect([stranger.status, JSON.parse(stranger.text).error_codes]).toEqual([400, [700016]]);
    const tenant = await test.logIn(form, "99999999-0000-4000-8000-000000000000");
    expect([tenant.status, JSON.parse(tenant.text).error_codes]).toEqual([400, [90002]]);
  });

  it("keeps applications' secrets out of the state", () => {
    expect(fs.readFileSync(`${test.folder}/azure.json`, "utf8")).not.toContain(
      application.clientSecret,
    );
  });

  it.each([
    [
      "an assertion of somebody else",
      () =>
        assertion({
          iss: `${test.sandbox.url}/person`,
          sub: sandboxPerson.objectId,
          aud: "api://AzureADTokenExchange",
        }),
      70021,
    ],
    ["a text that is no token", () => "nonsense", 50027],
    ["an assertion that has expired", () => assertion({ exp: 1 }), 700024],
  ])("refuses the sandbox person's login by %s", async (_, made, code) => {
    const answer = await test.logIn({
      client_id: sandboxPerson.clientId,
      client_assertion: made(),
    });
    expect([answer.status, JSON.parse(answer.text).error_codes]).toEqual([401, [code]]);
  });

  describe("as an identity with a federated credential", () => {
    const federated = {
      iss: "https://login.microsoftonline.com/t/v2.0",
      sub: "/eid1/c/pub/t/x/a/y/sc/1/2",
      aud: "api://AzureADTokenExchange",
    };
    const clientId = "bbbbbbbb-0000-4000-8000-000000000001";
    const objectId = "bbbbbbbb-0000-4000-8000-000000000002";
    const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deployer`;
    let other: TestSandbox;
    beforeAll(async () => {
      const credential = {
        issuer: federated.iss,
        subject: federated.sub,
        audiences: [federated.aud],
      };
      other = await TestSandbox.start(undefined, [
        {
          id: identity,
          token: "azure-native:managedidentity:UserAssignedIdentity",
          body: { properties: { clientId, principalId: objectId } },
        },
        {
          id: `${identity}/federatedIdentityCredentials/devops`,
          token: "azure-native:managedidentity:FederatedIdentityCredential",
          body: { properties: credential },
        },
      ]);
    });
    afterAll(() => other.close());

    it("accepts the issuer, subject and audience it trusts", async () => {
      const answer = await other.logIn({
        client_id: clientId,
        client_assertion: assertion(federated),
      });
      expect(answer.status).toBe(200);
      expect(claimsOf(JSON.parse(answer.text).access_token)).toMatchObject({
        appid: clientId,
        oid: objectId,
      });
    });

    it.each(["iss", "sub", "aud"] as const)(
      "refuses another %s and says what it was given",
      async (claim) => {
        const claims = { ...federated, [claim]: `${federated[claim]}-other` };
        const answer = await other.logIn({
          client_id: clientId,
          client_assertion: assertion(claims),
        });
        const { error_codes, error_description } = JSON.parse(answer.text);
        expect([answer.status, error_codes]).toEqual([401, [70021]]);
        expect(error_description).toContain(`'${claims[claim]}'`);
      },
    );
  });
});
