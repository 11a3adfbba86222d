import { randomBytes } from "node:crypto";
import {
  AnonymousCredential,
  BlobServiceClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { ClientSecretCredential } from "@azure/identity";
import { granted, group, type Resource, TestSandbox } from "./sandbox";

const account = `${group}/providers/Microsoft.Storage/storageAccounts/stone`;
const container = `${account}/blobServices/default/containers/flows`;
const roles = {
  contributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  owner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  reader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  /** Owner of the resource, which is no right on its data. */
  resourceOwner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
};

const application = (name: string, digit: string) => ({
  name,
  clientId: `aaaaaaaa-0000-4000-8000-0000000000${digit}1`,
  objectId: `aaaaaaaa-0000-4000-8000-0000000000${digit}2`,
  clientSecret: name,
});
const writer = application("writer", "1");
const reader = application("reader", "2");
const plainOwner = application("plainOwner", "3");
const nobody = application("nobody", "4");
const containerOwner = application("containerOwner", "5");

const storage: Resource[] = [
  { id: account, token: "azure-native:storage:StorageAccount", body: {} },
  {
    id: `${account}/blobServices/default`,
    token: "azure-native:storage:BlobServiceProperties",
    body: {},
  },
  { id: container, token: "azure-native:storage:BlobContainer", body: {} },
  { id: `${container}2`, token: "azure-native:storage:BlobContainer", body: {} },
];

describe("the blob service", () => {
  let test: TestSandbox;
  const applications = [writer, reader, plainOwner, nobody, containerOwner];
  beforeAll(async () => {
    test = await TestSandbox.start({ applications }, [
      ...storage,
      granted(account, roles.contributor, writer),
      granted(group, roles.reader, reader),
      granted(account, roles.resourceOwner, plainOwner),
      granted(container, roles.owner, containerOwner),
    ]);
  });
  afterAll(() => test.close());

  const url = () => `${test.sandbox.url}/blob/stone`;
  const tls = () => ({ tlsOptions: { ca: test.ca }, retryOptions: { maxTries: 1 } });
  const serviceOf = ({ clientId, clientSecret }: typeof writer) => {
    const options = {
      authorityHost: test.sandbox.url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: test.ca },
    };
    const tenantId = test.sandbox.environment.AZURE_TENANT_ID ?? "";
    return new BlobServiceClient(
      url(),
      new ClientSecretCredential(tenantId, clientId, clientSecret, options),
      tls(),
    );
  };
  const flows = (who: typeof writer) => serviceOf(who).getContainerClient("flows");

  it("stores a blob that @azure/storage-blob uploads, and gives back bytes, type and metadata", async () => {
    const blob = flows(writer).getBlockBlobClient("web/ä b/flow.dag.yaml");
    await blob.uploadData(Buffer.from("inputs: {}\n"), {
      blobHTTPHeaders: { blobContentType: "application/yaml" },
      metadata: { hash: "abc" },
    });
    const properties = await blob.getProperties();
    expect([properties.contentType, properties.contentLength, properties.metadata]).toEqual([
      "application/yaml",
      11,
      { hash: "abc" },
    ]);
    expect((await blob.downloadToBuffer()).toString()).toBe("inputs: {}\n");
    expect((await blob.downloadToBuffer(8, 2)).toString()).toBe("{}");
  });

  it("puts a large upload together from its blocks, in the order of the list", async () => {
    const bytes = randomBytes(700_000);
    const blob = flows(writer).getBlockBlobClient("large.bin");
    await blob.uploadData(bytes, {
      blockSize: 200_000,
      maxSingleShotSize: 100_000,
      concurrency: 3,
    });
    expect((await blob.downloadToBuffer()).equals(bytes)).toBe(true);
  });

  it("refuses to write a second time under If-None-Match: *", async () => {
    const blob = flows(writer).getBlockBlobClient("once.txt");
    const conditions = { ifNoneMatch: "*" };
    await blob.uploadData(Buffer.from("first"), { conditions });
    await expect(blob.uploadData(Buffer.from("second"), { conditions })).rejects.toMatchObject({
      statusCode: 409,
      code: "BlobAlreadyExists",
    });
    expect((await blob.downloadToBuffer()).toString()).toBe("first");
  });

  it("lists by prefix, page by page, and by folder", async () => {
    const client = flows(writer);
    for (const name of ["list/b", "list/a", "list/c/1", "list/c/2"]) {
      await client.getBlockBlobClient(name).uploadData(Buffer.from(name));
    }
    const names: string[] = [];
    for await (const page of client.listBlobsFlat({ prefix: "list/" }).byPage({ maxPageSize: 3 })) {
      names.push(page.segment.blobItems.map(({ name }) => name).join(" "));
    }
    expect(names).toEqual(["list/a list/b list/c/1", "list/c/2"]);
    const folders: string[] = [];
    for await (const item of client.listBlobsByHierarchy("/", { prefix: "list/" }))
      folders.push(`${item.kind} ${item.name}`);
    expect(folders.sort()).toEqual(["blob list/a", "blob list/b", "prefix list/c/"]);
    const size = (await client.listBlobsFlat({ prefix: "list/a" }).next()).value?.properties
      .contentLength;
    expect(size).toBe(6);
  });

  it("deletes a blob and says that a missing one is missing", async () => {
    const blob = flows(writer).getBlockBlobClient("gone.txt");
    await blob.uploadData(Buffer.from("x"));
    await blob.delete();
    expect(await blob.exists()).toBe(false);
    await expect(blob.getProperties()).rejects.toMatchObject({ statusCode: 404 });
  });

  const write = (who: typeof writer, name = "flows") =>
    serviceOf(who)
      .getContainerClient(name)
      .getBlockBlobClient(`${who.name}.txt`)
      .uploadData(Buffer.from("x"));
  const denied = { statusCode: 403, code: "AuthorizationPermissionMismatch" };

  it.each([
    ["a reader writes", () => write(reader)],
    ["an Owner without a data role writes", () => write(plainOwner)],
    ["a stranger reads", () => flows(nobody).getBlockBlobClient("once.txt").download()],
    ["an owner of one container writes into another", () => write(containerOwner, "flows2")],
  ])("refuses it when %s", async (_, attempt) => {
    await expect(attempt()).rejects.toMatchObject(denied);
  });

  it("lets a data role above the container read or write", async () => {
    await expect(write(containerOwner)).resolves.toMatchObject({ _response: { status: 201 } });
    await expect(
      flows(reader).getBlockBlobClient("once.txt").downloadToBuffer(),
    ).resolves.toBeDefined();
  });

  it("refuses shared keys, no login, and a token for another service", async () => {
    const key = new StorageSharedKeyCredential("stone", Buffer.from("key").toString("base64"));
    const byKey = new BlobServiceClient(url(), key, tls())
      .getContainerClient("flows")
      .getBlockBlobClient("k");
    await expect(byKey.uploadData(Buffer.from("x"))).rejects.toMatchObject({
      statusCode: 403,
      code: "KeyBasedAuthenticationNotPermitted",
    });
    const bare = new BlobServiceClient(url(), new AnonymousCredential(), tls()).getContainerClient(
      "flows",
    );
    await expect(bare.getBlockBlobClient("k").uploadData(Buffer.from("x"))).rejects.toMatchObject({
      statusCode: 401,
    });
    const authorization = `Bearer ${await test.personToken()}`;
    const answer = await test.send("GET", "/blob/stone/flows/once.txt", undefined, {
      authorization,
    });
    expect([answer.status, answer.headers["x-ms-error-code"]]).toEqual([
      401,
      "InvalidAuthenticationInfo",
    ]);
  });

  it("refuses accounts and containers that are not in the model", async () => {
    await expect(write(writer, "missing")).rejects.toMatchObject({
      statusCode: 404,
      code: "ContainerNotFound",
    });
    const open = await TestSandbox.start({ applications, dataRoles: false }, storage);
    const authorization = `Bearer ${await open.personToken("https://storage.azure.com/.default")}`;
    const codes = await Promise.all(
      ["/blob/stone/missing/x", "/blob/stwo/flows/x", "/blob/stone/flows/x"].map(
        async (target) =>
          (await open.send("GET", target, undefined, { authorization })).headers["x-ms-error-code"],
      ),
    );
    await open.close();
    expect(codes).toEqual(["ContainerNotFound", "ResourceNotFound", "BlobNotFound"]);
  });

  it("loses its blobs with the container: a container of that name made later is empty", async () => {
    const open = await TestSandbox.start({ dataRoles: false }, [
      {
        id: group,
        token: "azure-native:resources:ResourceGroup",
        body: { location: "swedencentral" },
      },
      ...storage,
    ]);
    const authorization = `Bearer ${await open.personToken("https://storage.azure.com/.default")}`;
    const headers = { authorization, "x-ms-blob-type": "BlockBlob" };
    const managing = { authorization: `Bearer ${await open.personToken()}` };
    await open.send("PUT", "/blob/stone/flows/a", "x", headers);
    await open.send("PUT", "/blob/stone/flows2/a", "y", headers);
    const removed = await open.send(
      "DELETE",
      `${container}?api-version=2024-01-01`,
      undefined,
      managing,
    );
    const made = await open.send("PUT", "/blob/stone/flows?restype=container", undefined, headers);
    const statuses = await Promise.all(
      ["flows", "flows2"].map(
        async (name) =>
          (await open.send("GET", `/blob/stone/${name}/a`, undefined, headers)).status,
      ),
    );
    await open.close();
    expect([removed.status, made.status, ...statuses]).toEqual([200, 201, 404, 200]);
  });

  it("keeps blobs over a restart", async () => {
    const { folder } = test;
    await test.close();
    test = await TestSandbox.start({ applications }, folder);
    const again = await flows(writer).getBlockBlobClient("once.txt").downloadToBuffer();
    expect(again.toString()).toBe("first");
  });
});
