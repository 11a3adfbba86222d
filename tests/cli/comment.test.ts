import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { root } from "../pipelines/repository";

const command = join(root, "packages/cli/bin/genaiops.js");
const token = "canary-token-1f6b";
const file = join(mkdtempSync(join(tmpdir(), "comment-")), "plan.md");
writeFileSync(file, "**2 to update**\n");

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: unknown;
}

/** Azure DevOps' threads of one pull request. */
async function answering(
  status: number,
  threads: unknown[],
  work: (address: string) => Promise<void>,
) {
  const sent: Sent[] = [];
  const read = async (request: IncomingMessage) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return Buffer.concat(parts).toString();
  };
  const server = createServer(async (request, response) => {
    const body = await read(request);
    sent.push({
      method: String(request.method),
      path: String(request.url),
      authorization: String(request.headers.authorization),
      body: body === "" ? undefined : JSON.parse(body),
    });
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ value: threads }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
  }
  return sent;
}

async function comment(env: Record<string, string>, title = "Plan of dev") {
  const child = spawn(process.execPath, [command, "comment", "--title", title, "--file", file], {
    env: { PATH: process.env.PATH, ...env },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => void (out += String(chunk)));
  child.stderr.on("data", (chunk) => void (err += String(chunk)));
  const code = await new Promise((done) => child.on("close", done));
  return { code, out, err };
}

const inPipeline = (address: string) => ({
  SYSTEM_COLLECTIONURI: address,
  SYSTEM_TEAMPROJECT: "gen ai",
  BUILD_REPOSITORY_ID: "repo-1",
  SYSTEM_PULLREQUEST_PULLREQUESTID: "7",
  SYSTEM_ACCESSTOKEN: token,
});
const path = "/gen%20ai/_apis/git/repositories/repo-1/pullRequests/7/threads";
const content = "<!-- genaiops comment: Plan of dev -->\n## Plan of dev\n\n**2 to update**\n";

test("outside of a pull request the text is printed", async () => {
  expect(await comment({})).toEqual({ code: 0, out: "**2 to update**\n", err: "" });
});

test("the first comment opens a closed thread", async () => {
  const sent = await answering(
    200,
    [{ id: 1, comments: [{ id: 1, content: "a person's" }] }],
    async (address) => {
      expect(await comment(inPipeline(address))).toEqual({ code: 0, out: "", err: "" });
    },
  );
  expect(sent).toEqual([
    {
      method: "GET",
      path: `${path}?api-version=7.1`,
      authorization: `Bearer ${token}`,
      body: undefined,
    },
    {
      method: "POST",
      path: `${path}?api-version=7.1`,
      authorization: `Bearer ${token}`,
      body: { comments: [{ parentCommentId: 0, commentType: "text", content }], status: "closed" },
    },
  ]);
});

test("a later one with the title takes its place, and no other's", async () => {
  const threads = [
    { id: 3, comments: [] },
    {
      id: 4,
      comments: [{ id: 1, content: "<!-- genaiops comment: Plan of development -->\nold" }],
    },
    { id: 5, comments: [{ id: 2, content: "<!-- genaiops comment: Plan of dev -->\nold" }] },
  ];
  const sent = await answering(200, threads, async (address) => {
    await comment(inPipeline(address));
  });
  expect(sent.slice(1)).toEqual([
    {
      method: "PATCH",
      path: `${path}/5/comments/2?api-version=7.1`,
      authorization: `Bearer ${token}`,
      body: { content },
    },
  ]);
});

test("a refusal names the permission and not the token; a missing variable names itself", async () => {
  await answering(403, [], async (address) => {
    const refused = await comment(inPipeline(address));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(
      "answered 403; the build service of the project needs the permission",
    );
    expect(refused.err).not.toContain(token);
    const { SYSTEM_ACCESSTOKEN: _, ...without } = inPipeline(address);
    expect(await comment(without)).toMatchObject({
      code: 2,
      err: expect.stringContaining("SYSTEM_ACCESSTOKEN is not set; hand it to the step"),
    });
  });
});

test("a file that is not there is named", async () => {
  const child = spawn(process.execPath, [command, "comment", "-t", "x", "-f", "nowhere.md"]);
  let err = "";
  child.stderr.on("data", (chunk) => void (err += String(chunk)));
  expect(await new Promise((done) => child.on("close", done))).toBe(2);
  expect(err).toContain("--file nowhere.md is not there; write it first\n");
});
