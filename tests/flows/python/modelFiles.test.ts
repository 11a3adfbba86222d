import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { datastoreUri } from "../../../config/assets";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { group, storageFor, TestSandbox } from "../../sandbox/server/sandbox";
import { managedPython, root } from "./support";

/** The serving image's start where nothing mounts the model: `serve.py` against the sandbox's blob service. */

const python = managedPython();
const image = path.join(root, "images/promptflow");
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stone`;
const identityOf = (digit: string) => ({
  name: `identity-${digit}`,
  clientId: `aaaaaaaa-0000-4000-8000-0000000000${digit}1`,
  objectId: `aaaaaaaa-0000-4000-8000-0000000000${digit}2`,
  clientSecret: `secret-${digit}`,
});
const reader = identityOf("1");
const stranger = identityOf("2");
const header = "canary-5c11";
const flow = "named-entity-recognition";
const folder = `models/${flow}/0011`;

let standIn: ModelStandIn;
let packages: string;
let azure: TestSandbox;
let identities: Server;

/** The managed Python of a desk has all that the image has, but for this one. */
function installBlobPackage(): void {
  packages = mkdtempSync(path.join(tmpdir(), "genaiops-blob-"));
  const [pinned = ""] = readFileSync(path.join(image, "requirements.txt"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("azure-storage-blob=="));
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", packages, pinned];
  const { status, stderr } = spawnSync(python!, pip, { encoding: "utf8" });
  if (status !== 0) throw new Error(`cannot install ${pinned}: ${stderr}`);
}

/**
 * The identity endpoint of App Service, which gives a container tokens of the app's own identities
 * (learn.microsoft.com/azure/app-service/overview-managed-identity, REST endpoint reference).
 */
async function startIdentities(): Promise<Server> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://localhost");
    const known = [reader, stranger].find(
      ({ clientId }) => clientId === searchParams.get("client_id"),
    );
    const asked = request.headers["x-identity-header"] === header && known;
    if (!asked || searchParams.get("api-version") !== "2019-08-01") {
      response.writeHead(400).end(JSON.stringify({ statusCode: 400, message: "no such identity" }));
      return;
    }
    const resource = searchParams.get("resource") ?? "";
    void azure
      .logIn({
        client_id: asked.clientId,
        client_secret: asked.clientSecret,
        scope: `${resource}/.default`,
      })
      .then(({ text }) => {
        const { access_token } = JSON.parse(text) as { access_token: string };
        const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ access_token, expires_on, resource, token_type: "Bearer" }));
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function upload(): Promise<void> {
  const source = path.join(root, "flows", flow);
  const login = await azure.logIn({
    client_id: reader.clientId,
    client_secret: reader.clientSecret,
    scope: "https://storage.azure.com/.default",
  });
  const { access_token } = JSON.parse(login.text) as { access_token: string };
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const entry of files) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(source, file).split(path.sep).map(encodeURIComponent).join("/");
    const { status } = await azure.send(
      "PUT",
      `/blob/stone/flows/${folder}/${name}`,
      readFileSync(file),
      {
        authorization: `Bearer ${access_token}`,
        "x-ms-blob-type": "BlockBlob",
        "x-ms-version": "2025-05-05",
      },
    );
    expect(status).toBe(201);
  }
}

const uri = (more = folder) =>
  datastoreUri({
    subscriptionId: "11111111-1111-4111-8111-111111111111",
    resourceGroup: "rg-one",
    workspace: "mlw",
    path: more,
  });

const environment = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PYTHONPATH: packages,
  PYTHONDONTWRITEBYTECODE: "1",
  REQUESTS_CA_BUNDLE: azure.sandbox.certificateFile,
  IDENTITY_ENDPOINT: `http://127.0.0.1:${(identities.address() as AddressInfo).port}/msi/token`,
  IDENTITY_HEADER: header,
  AZURE_CLIENT_ID: reader.clientId,
  aoai: JSON.stringify({
    api_key: "canary",
    api_base: standIn.url,
    api_type: "azure",
    api_version: "2024-10-21",
  }),
  GENAIOPS_MODEL_URI: uri(),
  GENAIOPS_MODEL_STORE: `${azure.sandbox.url}/blob/stone/flows`,
  ...more,
});

/** Ends by itself where the start is refused. */
async function ended(more: Record<string, string>) {
  const server = spawn(python!, [path.join(image, "serve.py")], { env: environment(more) });
  let text = "";
  server.stderr.on("data", (data) => (text += data));
  const [code] = (await once(server, "close")) as [number];
  return { code, text };
}

(python === undefined ? describe.skip : describe)("a model that nothing mounts", () => {
  beforeAll(async () => {
    installBlobPackage();
    azure = await TestSandbox.start(
      { applications: [reader, stranger] },
      storageFor(reader, account, "flows"),
    );
    identities = await startIdentities();
    standIn = await startModelStandIn({ key: "canary" });
    await upload();
  }, 300_000);
  afterAll(async () => {
    identities.close();
    await standIn.close();
    await azure.close();
    rmSync(packages, { recursive: true });
  });

  test("is fetched with the identity's token and served", async () => {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const server: ChildProcess = spawn(python!, [path.join(image, "serve.py")], {
      env: environment({ PORT: String(port), AZUREML_MODEL_DIR: "/nowhere" }),
    });
    let log = "";
    server.stderr?.on("data", (data) => (log += data));
    const url = `http://127.0.0.1:${port}`;
    try {
      const healthy = () =>
        fetch(`${url}/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await healthy())) {
        if (server.exitCode !== null) throw new Error(`the server ended: ${log}`);
        await sleep(250);
      }
      const response = await fetch(`${url}/score`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: readFileSync(path.join(root, "flows", flow, "sample-request.json")),
      });
      expect(response.status).toBe(200);
    } finally {
      server.kill();
      await once(server, "close");
    }
    expect(log).not.toContain(header);
  });

  test.each<[string, () => Record<string, string>, (store: string) => string]>([
    [
      "an address of another datastore",
      () => ({ GENAIOPS_MODEL_URI: "azureml://subscriptions/1/datastores/others/paths/a" }),
      () =>
        "error: GENAIOPS_MODEL_URI is 'azureml://subscriptions/1/datastores/others/paths/a'; allowed is azureml://…/datastores/workspaceblobstore/paths/<folder>\n",
    ],
    [
      "an address alone",
      () => ({ GENAIOPS_MODEL_STORE: "" }),
      () => "error: GENAIOPS_MODEL_URI is set without GENAIOPS_MODEL_STORE: set both beside it\n",
    ],
    [
      "a folder without files",
      () => ({ GENAIOPS_MODEL_URI: uri(`models/${flow}/001`) }),
      (store) => `error: no file below ${store}/models/${flow}/001/: register the version again\n`,
    ],
    [
      "an identity without a role",
      () => ({ AZURE_CLIENT_ID: stranger.clientId }),
      (store) =>
        `error: the model's files at ${store}/${folder}/ cannot be read: This request is not authorized to perform this operation using this permission.; the identity ${stranger.clientId} needs the role Storage Blob Data Reader there, and the container a way to it\n`,
    ],
  ])("%s ends with a message and no stack trace", async (_, more, message) => {
    expect(await ended(more())).toEqual({
      code: 1,
      text: message(`${azure.sandbox.url}/blob/stone/flows`),
    });
  });
});
