import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ClientSecretCredential } from "@azure/identity";
import { ensureFolder, hasFolder } from "../../packages/provider/blobFolder";
import { folderProblems, isInside, toSend, type Folder } from "../../packages/provider/blobRules";
import type { Cloud } from "../../packages/provider/cloud";
import { UserError } from "../../packages/provider/userError";
import { group, storageFor, TestSandbox } from "../sandbox/server/sandbox";
import { messageOf } from "./support";

const account = `${group}/providers/Microsoft.Storage/storageAccounts/stone`;
const writer = application("writer", "1");
const nobody = application("nobody", "2");

function application(name: string, digit: string) {
  return {
    name,
    clientId: `aaaaaaaa-0000-4000-8000-0000000000${digit}1`,
    objectId: `aaaaaaaa-0000-4000-8000-0000000000${digit}2`,
    clientSecret: name,
  };
}

const resources = storageFor(writer, account, "flows");

const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("a folder in blob storage, over HTTPS with a login", () => {
  let sandbox: TestSandbox;
  let root: string;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ applications: [writer, nobody] }, resources);
  });
  afterAll(() => sandbox.close());
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "genaiops-files-"));
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  function cloud(who = writer, pace: Cloud["pace"] = {}): Cloud {
    const { url, environment } = sandbox.sandbox;
    const tls = { tlsOptions: { ca: sandbox.ca } };
    const options = { authorityHost: url, disableInstanceDiscovery: true, ...tls };
    const tenant = environment["AZURE_TENANT_ID"]!;
    return {
      resourceManager: url,
      blobEndpoint: (name) => `${url}/blob/${name}`,
      credential: new ClientSecretCredential(tenant, who.clientId, who.clientSecret, options),
      certificates: sandbox.ca,
      pace: { retry: 1, conflict: 1, ...pace },
    };
  }

  /** Writes the files under `flow/` of the repository and names the folder after a prefix of its own. */
  function folder(prefix: string, files: Record<string, string | Buffer>): Folder {
    for (const [name, bytes] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, "flow", name)), { recursive: true });
      fs.writeFileSync(path.join(root, "flow", name), bytes);
    }
    const digests = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]),
    );
    const hash = sha256(JSON.stringify(digests));
    return { account: "stone", container: "flows", prefix, source: "flow", files: digests, hash };
  }

  const blobs = (prefix: string) =>
    Object.keys(sandbox.state.blobs.blobs)
      .filter((key) => key.startsWith(`stone/flows/${prefix}/`))
      .map((key) => key.slice(`stone/flows/${prefix}/`.length));
  const writes = () => (sandbox.state.blobs as { writes?: number }).writes ?? -1;

  it("holds every file with its hash, and beside it the list that says it is whole", async () => {
    const wanted = folder("web", {
      "flow.dag.yaml": "inputs: {}\n",
      "prompts/a b.jinja2": "hä?",
      empty: "",
    });
    expect(await hasFolder(cloud(), wanted)).toBe(false);
    expect(await ensureFolder(cloud(), root, wanted)).toEqual({ path: `web/${wanted.hash}` });
    expect(blobs("web").sort()).toEqual(
      [
        `${wanted.hash}.files.json`,
        `${wanted.hash}/empty`,
        `${wanted.hash}/flow.dag.yaml`,
        `${wanted.hash}/prompts/a b.jinja2`,
      ].sort(),
    );
    expect(await hasFolder(cloud(), wanted)).toBe(true);
  });

  it("is sent once: the second time nothing is written and no file is read", async () => {
    const wanted = folder("once", { a: "1", b: "2" });
    await ensureFolder(cloud(), root, wanted);
    const before = writes();
    expect(before).toBeGreaterThan(0);
    fs.rmSync(path.join(root, "flow"), { recursive: true });
    await ensureFolder(cloud(), root, wanted);
    expect(writes()).toBe(before);
  });

  it("of which a run was interrupted does not look whole, and only the rest is sent", async () => {
    const wanted = folder("half", { a: "1", b: "2", c: "3", d: "4" });
    fs.writeFileSync(path.join(root, "flow", "c"), "changed on disk");
    const work = ensureFolder(cloud(), root, wanted);
    await expect(work).rejects.toThrow(UserError);
    expect(await messageOf(work)).toBe(
      `${path.join(fs.realpathSync(root), "flow", "c")} changed after it was planned: its SHA-256 was ${sha256("3")} and is ${sha256("changed on disk")}\n` +
        "Nothing of it was stored. Run this again.",
    );
    expect(blobs("half").filter((name) => name.endsWith("/c") || name.endsWith(".json"))).toEqual(
      [],
    );
    expect(await hasFolder(cloud(), wanted)).toBe(false);

    const sent = blobs("half").length;
    const before = writes();
    fs.writeFileSync(path.join(root, "flow", "c"), "3");
    await ensureFolder(cloud(), root, wanted);
    expect(writes() - before).toBe(4 - sent + 1);
    expect(await hasFolder(cloud(), wanted)).toBe(true);
  });

  it("with a file of many blocks stores it in order, and stores nothing of one that changed at its end", async () => {
    const big = Buffer.alloc(20 * 1024 * 1024, "genaiops ");
    const wanted = folder("big", { "model.bin": big });
    const changed = Buffer.concat([big.subarray(0, -1), Buffer.from("!")]);
    fs.writeFileSync(path.join(root, "flow", "model.bin"), changed);
    await expect(ensureFolder(cloud(), root, wanted)).rejects.toThrow(
      "changed after it was planned",
    );
    expect(blobs("big")).toEqual([]);

    fs.writeFileSync(path.join(root, "flow", "model.bin"), big);
    await ensureFolder(cloud(), root, wanted);
    const stored = sandbox.state.blobs.blobs as Record<string, { hash: string; metadata: object }>;
    expect(stored[`stone/flows/big/${wanted.hash}/model.bin`]).toMatchObject({
      metadata: { sha256: sha256(big) },
    });
    const token = await new ClientSecretCredentialToken(cloud()).text();
    const answer = await sandbox.send(
      "HEAD",
      `/blob/stone/flows/big/${wanted.hash}/model.bin`,
      undefined,
      {
        authorization: `Bearer ${token}`,
      },
    );
    expect(answer.headers["content-length"]).toBe(String(big.length));
  });

  it("can be sent by several at the same time", async () => {
    const wanted = folder(
      "many",
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`f${i}`, `${i}`])),
    );
    const results = await Promise.all([1, 2, 3].map(() => ensureFolder(cloud(), root, wanted)));
    expect(results).toEqual([1, 2, 3].map(() => ({ path: `many/${wanted.hash}` })));
    expect(blobs("many").length).toBe(11);
  }, 30_000);

  it("is refused where its hash stands for other files, and nothing is overwritten", async () => {
    const wanted = folder("same", { a: "1" });
    await ensureFolder(cloud(), root, wanted);
    const before = writes();
    const other = { ...folder("same", { a: "2" }), hash: wanted.hash };
    expect(await messageOf(ensureFolder(cloud(), root, other))).toBe(
      `refused to use ${sandbox.sandbox.url}/blob/stone/flows/same/${wanted.hash}: it has other content than its hash says\n` +
        `- same/${wanted.hash}.files.json lists other files\n` +
        "Nothing is deleted or overwritten; remove those blobs, then run this again.",
    );
    expect(writes()).toBe(before);
  });

  it("sends nothing through a symbolic link that leads out of it", async () => {
    const secret = path.join(root, "secret.txt");
    fs.writeFileSync(secret, "key");
    const wanted = folder("link", { inside: "1", outside: "key" });
    fs.rmSync(path.join(root, "flow", "outside"));
    fs.symlinkSync(secret, path.join(root, "flow", "outside"));
    expect(await messageOf(ensureFolder(cloud(), root, wanted))).toBe(
      `${path.join(fs.realpathSync(root), "flow", "outside")} leads out of ${path.join(fs.realpathSync(root), "flow")}; nothing outside is sent\n` +
        "Replace the symbolic link or the path by the file itself.",
    );
    expect(blobs("link").filter((name) => name.endsWith("outside"))).toEqual([]);
  });

  it("sends nothing of a folder that is a symbolic link out of the repository", async () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "genaiops-elsewhere-"));
    fs.writeFileSync(path.join(elsewhere, "a"), "1");
    fs.symlinkSync(elsewhere, path.join(root, "flow"));
    const wanted = { ...folder("away", {}), files: { a: sha256("1") } };
    expect(await messageOf(ensureFolder(cloud(), root, wanted))).toContain("leads out of");
    expect(blobs("away")).toEqual([]);
    fs.rmSync(elsewhere, { recursive: true });
  });

  it("that lacks a planned file names the file", async () => {
    const wanted = folder("lack", { a: "1" });
    fs.rmSync(path.join(root, "flow", "a"));
    expect(await messageOf(ensureFolder(cloud(), root, wanted))).toBe(
      `cannot read ${path.join(fs.realpathSync(root), "flow", "a")}: ENOENT\nThe plan lists it; put it back or plan again.`,
    );
  });

  it("without the role says which one to grant, after waiting for a role just granted", async () => {
    const wanted = folder("denied", { a: "1" });
    const message = await messageOf(ensureFolder(cloud(nobody), root, wanted));
    expect(message.split("\n").filter((_, line) => line !== 1)).toEqual([
      `cannot store files in ${sandbox.sandbox.url}/blob/stone/flows`,
      "Grant the identity that runs this the role Storage Blob Data Contributor on the account, and let this machine through the account's firewall. A role just granted works after some minutes.",
    ]);
    expect(message).toContain("Azure answered 403 AuthorizationPermissionMismatch: ");
  });

  it("in a container that does not exist says so, and is absent", async () => {
    const wanted = { ...folder("nowhere", { a: "1" }), container: "absent" };
    expect(await hasFolder(cloud(), wanted).catch((error: Error) => error.message)).toBe(false);
  });

  it("says when it was cancelled that what was sent is kept", async () => {
    const wanted = folder("cancelled", { a: "1" });
    const work = ensureFolder(cloud(), root, wanted, { signal: AbortSignal.abort() });
    expect(await messageOf(work)).toBe(
      `${sandbox.sandbox.url}/blob/stone/flows: cancelled while sending files; those sent are kept and not sent again`,
    );
  });
});

/** A token for the storage service, as the provider gets it. */
class ClientSecretCredentialToken {
  constructor(private readonly cloud: Cloud) {}
  async text(): Promise<string> {
    return (await this.cloud.credential.getToken("https://storage.azure.com/.default"))!.token;
  }
}

describe("rules of a folder", () => {
  it.each([
    "",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "a/..",
    "../a",
    "a/./b",
    "a\\b",
    "c:/a",
    "a\u0000b",
    "a\nb",
    "x".repeat(801),
  ])("the path %j leads out or is written differently elsewhere", (name) =>
    expect(isInside(name)).toBe(false),
  );
  it.each(["a", "a/b.c", "..a", "a..", ".hidden", "ä b/ß", "x".repeat(800)])(
    "the path %j is inside",
    (name) => expect(isInside(name)).toBe(true),
  );

  it("names every problem of the inputs at once", () => {
    const inputs = {
      account: "Stone!",
      container: "a--b",
      prefix: "/x",
      source: "../flow",
      hash: "abc",
      files: { "../a": "1", b: "x".repeat(64) },
    };
    expect(folderProblems(inputs).map(({ property }) => property)).toEqual([
      "account",
      "container",
      "prefix",
      "source",
      "hash",
      'files["../a"]',
      'files["../a"]',
      'files["b"]',
    ]);
  });

  it("counts a blob that is no planned file, or of another hash, as a stranger", () => {
    const folder = {
      account: "a",
      container: "c",
      prefix: "p",
      source: "s",
      hash: "h",
      files: { a: "1", b: "2", c: "3" },
    };
    const found = [{ path: "a", sha256: "1" }, { path: "b", sha256: "9" }, { path: "x" }];
    expect(toSend(folder, found)).toEqual({
      missing: ["c"],
      strangers: ["b: found 9, wanted 2", "x: found a file without hash, wanted no such file"],
    });
  });
});
