import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { unknown } from "../../../packages/provider/serve";
import { provider } from "../../../packages/sandbox/providers/docker";
import { contextDigest, ignoredBy } from "../../../packages/sandbox/providers/dockerContext";

const request = {
  urn: "urn:pulumi:dev::p::docker:index/image:Image::flow",
  type: "docker:index/image:Image",
};
const running = { ...request, signal: new AbortController().signal, timeoutSeconds: 0 };

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

function folderOf(files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "genaiops-docker-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

const files = {
  Dockerfile: "ARG base=python\n# the flow\nFROM ${base}\nCOPY . /flow\n",
  "app/score.py": "print()\n",
};
const digestOf = (changed: Record<string, string>) => {
  const folder = folderOf(changed);
  return contextDigest(folder, path.join(folder, "Dockerfile"));
};

describe(".dockerignore", () => {
  it.each([
    ["node_modules", "node_modules/a/b.js", true],
    ["node_modules", "app/node_modules/a.js", false],
    ["**/node_modules", "app/node_modules/a.js", true],
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["**/*.md", "docs/README.md", true],
    ["/docs/", "docs/a", true],
    ["a?c", "a/c", false],
    ["v[12].txt", "v2.txt", true],
    ["# no pattern", "# no pattern", false],
    ["*.md\n!README.md", "README.md", false],
    ["!README.md\n*.md", "README.md", true],
    ["a.txt", "aXtxt", false],
  ])("%j decides on %s: %s", (text, file, ignored) => {
    expect(ignoredBy(text)(file)).toBe(ignored);
  });
});

describe("the digest of a build", () => {
  it("is the same for the same bytes in another folder", () => {
    expect(digestOf(files)).toBe(digestOf(files));
    expect(digestOf(files)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["a byte", { ...files, "app/score.py": "print(1)\n" }],
    ["a name", { Dockerfile: files.Dockerfile, "app/score2.py": "print()\n" }],
    ["a new file", { ...files, "app/empty": "" }],
    ["the Dockerfile", { ...files, Dockerfile: `${files.Dockerfile}USER 1000\n` }],
    ["where one file ends and the next begins", { ...files, "app/score.py": "print()", z: "\n" }],
  ])("changes with %s", (_, changed) => {
    expect(digestOf(changed)).not.toBe(digestOf(files));
  });

  it("changes with a file's permissions and with where a link leads, and refuses a link to nothing", () => {
    const folder = folderOf({ ...files, "b.txt": "same", "c.txt": "same" });
    const digest = () => contextDigest(folder, path.join(folder, "Dockerfile"));
    const link = path.join(folder, "link");
    const seen = [digest()];
    fs.chmodSync(path.join(folder, "b.txt"), 0o755);
    seen.push(digest());
    for (const target of ["b.txt", "c.txt"]) {
      fs.symlinkSync(target, link);
      seen.push(digest());
      fs.rmSync(link);
    }
    expect(new Set(seen).size).toBe(4);
    fs.symlinkSync("nothing", link);
    expect(digest).toThrow(/could not evaluate symlink .*link/);
  });

  it.each(["Dockerfile", "build/Flow"])(
    "is by %s.dockerignore where it is there, beside the Dockerfile, and by .dockerignore else",
    (dockerfile) => {
      const folder = folderOf({
        ...files,
        [dockerfile]: "FROM scratch\n",
        ".dockerignore": "*.md",
      });
      const digest = () => contextDigest(folder, path.join(folder, dockerfile));
      const without = digest();
      fs.writeFileSync(path.join(folder, "README.md"), "left out");
      expect(digest()).toBe(without);
      fs.writeFileSync(path.join(folder, `${dockerfile}.dockerignore`), "*.txt");
      const before = digest();
      fs.writeFileSync(path.join(folder, "README.md"), "part of it");
      expect(digest()).not.toBe(before);
    },
  );

  it("does not change with what .dockerignore leaves out, but with the Dockerfile even where it is left out", () => {
    const ignoring = { ...files, ".dockerignore": ".runs\nDockerfile\n.dockerignore\n" };
    const base = digestOf(ignoring);
    expect(digestOf({ ...ignoring, ".runs/out.json": "{}" })).toBe(base);
    expect(digestOf({ ...ignoring, Dockerfile: "FROM scratch\n" })).not.toBe(base);
  });
});

describe("docker.Image", () => {
  const inputsOf = (context: string) => ({
    imageName: "crone.azurecr.io/flows/web:1",
    build: { context },
    registry: { server: "crone.azurecr.io", username: "u", password: "canary" },
    skipPush: false,
  });
  const check = (inputs: Record<string, unknown>) =>
    provider().check({ ...request, oldInputs: {}, inputs });

  it("has the outputs of @pulumi/docker, with the digest unknown while previewing", async () => {
    const { inputs, failures } = await check(inputsOf(folderOf(files)));
    expect(failures).toEqual([]);
    const previewed = await provider().create({ ...running, inputs, preview: true });
    expect(previewed).toMatchObject({
      id: "",
      outputs: { imageName: "crone.azurecr.io/flows/web:1", repoDigest: unknown },
    });
    const { id, outputs } = await provider().create({ ...running, inputs, preview: false });
    expect(id).toBe("crone.azurecr.io/flows/web:1");
    expect(outputs).toMatchObject({
      baseImageName: id,
      registryServer: "crone.azurecr.io",
      platform: "linux/amd64",
    });
    expect(outputs.repoDigest).toMatch(/^crone\.azurecr\.io\/flows\/web@sha256:[0-9a-f]{64}$/);
    expect(JSON.stringify(outputs)).not.toContain("canary");
  });

  it("shows no change for the same bytes and a new password, and one for another byte", async () => {
    const folder = folderOf(files);
    const before = (await check(inputsOf(folder))).inputs;
    const renewed = {
      ...inputsOf(folder),
      registry: { server: "crone.azurecr.io", username: "u", password: "other" },
    };
    const difference = async (inputs: Record<string, unknown>) =>
      (
        await provider().diff({
          ...request,
          id: "x",
          oldInputs: before,
          oldOutputs: {},
          inputs,
          ignoreChanges: [],
        })
      ).changes;
    expect(await difference((await check(renewed)).inputs)).toEqual({});
    fs.writeFileSync(path.join(folder, "app/score.py"), "print(2)\n");
    expect(await difference((await check(inputsOf(folder))).inputs)).toEqual({
      "build.contextDigest": { kind: "update" },
    });
  });

  it.each([
    [
      "no context folder",
      () => "/nowhere/at/all",
      {},
      /build: unable to prepare context: path "\/nowhere\/at\/all" not found/,
    ],
    [
      "no Dockerfile",
      () => folderOf({ "a.py": "" }),
      {},
      /build: failed to read dockerfile: open .*Dockerfile/,
    ],
    [
      "an empty Dockerfile",
      () => folderOf({ Dockerfile: "# later\n" }),
      {},
      /build: the Dockerfile \(.*\) cannot be empty/,
    ],
    [
      "a Dockerfile without a stage",
      () => folderOf({ Dockerfile: "RUN true\n" }),
      {},
      /build: .*no build stage in current context/,
    ],
    [
      "a name in upper case",
      () => folderOf(files),
      { imageName: "Web:1" },
      /^imageName: invalid reference format: "Web:1"/,
    ],
  ])("refuses %s", async (_, context, changed, message) => {
    const { failures } = await check({ ...inputsOf(context()), ...changed });
    expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([
      expect.stringMatching(message),
    ]);
  });
});
