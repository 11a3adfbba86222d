import * as fs from "node:fs";
import * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import { builtInRoles } from "../../../config/roles";
import { type Sandbox, type ServerSettings, startSandbox } from "../../../packages/sandbox/server";

/** A sandbox of one test file, and requests to it. */

export const subscription = "/subscriptions/11111111-1111-4111-8111-111111111111";
export const group = `${subscription}/resourceGroups/rg-one`;

export interface Resource {
  readonly id: string;
  readonly token: string;
  readonly body: Record<string, unknown>;
}

/** A role, by its GUID, on a resource. */
export const granted = (
  scope: string,
  role: string,
  { objectId }: { readonly objectId: string },
): Resource => ({
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${objectId}`,
  token: "azure-native:authorization:RoleAssignment",
  body: {
    properties: {
      principalId: objectId,
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    },
  },
});

/** A storage account with one container, which somebody may write to. */
export const storageFor = (
  writer: { readonly objectId: string },
  account: string,
  container: string,
): Resource[] => [
  { id: account, token: "azure-native:storage:StorageAccount", body: {} },
  {
    id: `${account}/blobServices/default/containers/${container}`,
    token: "azure-native:storage:BlobContainer",
    body: {},
  },
  granted(account, builtInRoles["Storage Blob Data Contributor"], writer),
];

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** Made here and removed when the test file is done; a launched process leaves its folder to its test. */
const folders: string[] = [];
if (typeof afterAll === "function") {
  afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));
}

export class TestSandbox {
  private constructor(
    readonly folder: string,
    readonly sandbox: Sandbox,
  ) {}

  /** Starts on what `folder` holds, or on the given resources alone. */
  static async start(
    settings?: ServerSettings,
    from: string | readonly Resource[] = [],
  ): Promise<TestSandbox> {
    const place =
      typeof from === "string" ? from : fs.mkdtempSync(path.join(os.tmpdir(), "genaiops-sandbox-"));
    if (typeof from !== "string") {
      folders.push(place);
      const resources = Object.fromEntries(
        from.map(({ id, token, body }) => [
          id.toLowerCase(),
          { token, id, body: { id, name: path.basename(id), ...body } },
        ]),
      );
      const azure = { resources, deleted: {}, operations: {}, writes: 0 };
      const blobs = { blobs: {}, blocks: {}, committed: {}, writes: 0 };
      fs.writeFileSync(path.join(place, "azure.json"), JSON.stringify({ azure, blobs }));
    }
    const stateFile = path.join(place, "azure.json");
    return new TestSandbox(place, await startSandbox({ stateFile, settings }));
  }

  get ca(): string {
    return fs.readFileSync(this.sandbox.certificateFile, "utf8");
  }

  get state(): {
    azure: {
      resources: Record<string, { body: Record<string, unknown> }>;
      operations: Record<string, unknown>;
    };
    blobs: { blobs: object };
  } {
    return JSON.parse(fs.readFileSync(path.join(this.folder, "azure.json"), "utf8"));
  }

  send(
    method: string,
    target: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { method, headers, ca: this.ca, agent: false };
      const request = https.request(this.sandbox.url + target, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  logIn(
    form: Record<string, string>,
    tenant = this.sandbox.environment.AZURE_TENANT_ID,
  ): Promise<Answer> {
    const all = new URLSearchParams({
      grant_type: "client_credentials",
      scope: "https://management.azure.com/.default",
      ...form,
    });
    return this.send("POST", `/${tenant}/oauth2/v2.0/token`, String(all));
  }

  async personToken(scope = "https://management.azure.com/.default"): Promise<string> {
    const answer = await this.logIn({
      client_id: this.sandbox.environment.AZURE_CLIENT_ID ?? "",
      client_assertion: fs.readFileSync(
        this.sandbox.environment.AZURE_FEDERATED_TOKEN_FILE ?? "",
        "utf8",
      ),
      scope,
    });
    return (JSON.parse(answer.text) as { access_token: string }).access_token;
  }

  /** PUT as the sandbox person; the parsed body. Throws on a refusal. */
  async put(id: string, version: string, body: unknown): Promise<Record<string, never>> {
    const answer = await this.send("PUT", `${id}?api-version=${version}`, JSON.stringify(body), {
      authorization: `Bearer ${await this.personToken()}`,
    });
    if (answer.status >= 400) throw new Error(answer.text);
    return JSON.parse(answer.text) as Record<string, never>;
  }

  async close(): Promise<void> {
    await this.sandbox.close();
  }
}
