import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The script with a stand-in for the Azure CLI and Pulumi, which note what they are called with. */

const script = resolve(__dirname, "../../scripts/bootstrap-state.sh");

function bootstrap(args: readonly string[], existing: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
  const calls = join(folder, "calls");
  const write = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const found = existing.map((one) => `"az ${one}"*) exit 0;;`).join("\n");
  write(
    "az",
    `echo "az $*" >> "${calls}"
case "az $*" in
"az ad signed-in-user show"*) echo person-1;;
"az account show"*) echo subscription-1;;
${found}
"az keyvault show"*|"az keyvault key show"*) exit 3;;
esac`,
  );
  write("pulumi", `echo "pulumi $* at $PULUMI_BACKEND_URL" >> "${calls}"`);
  const { status, stdout, stderr } = spawnSync(script, args, {
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env.PATH}` },
  });
  const called = existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [];
  return { status, stdout, stderr, called };
}

const given = ["dev", "swedencentral", "stgenaiopsdev", "kv-genaiops-dev"];
const verbs = (lines: readonly string[]) =>
  lines.map((line) => /^(?:az|pulumi)((?: [a-z][a-z-]*)+)/.exec(line)?.[1]?.trim());

test("state without shared keys, a key in a vault with purge protection, rights, and the stack", () => {
  const { status, stderr, called } = bootstrap(given);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(verbs(called)).toEqual([
    "ad signed-in-user show",
    "account show",
    "group create",
    "storage account create",
    "storage account blob-service-properties update",
    "keyvault show",
    "keyvault create",
    "role assignment create",
    "role assignment create",
    "storage container-rm create",
    "keyvault key show",
    "keyvault key create",
    "stack init dev",
  ]);
  expect(called[3]).toContain("--allow-shared-key-access false");
  expect(called[3]).toContain("--allow-blob-public-access false");
  expect(called[6]).toContain("--enable-purge-protection true");
  expect(called[7]).toContain(
    "--assignee-object-id person-1 --assignee-principal-type User --role Storage Blob Data Contributor --scope /subscriptions/subscription-1/resourceGroups/rg-genaiops-state-dev",
  );
  expect(called.at(-1)).toBe(
    "pulumi stack init dev --secrets-provider azurekeyvault://kv-genaiops-dev.vault.azure.net/keys/pulumi at azblob://pulumi?storage_account=stgenaiopsdev",
  );
});

test("a vault and a key that exist are not made again", () => {
  const { status, called } = bootstrap(given, ["keyvault show", "keyvault key show"]);
  expect(status).toBe(0);
  expect(called.filter((line) => /keyvault (key )?create/.test(line))).toEqual([]);
});

test("--dry-run prints what it would call, and calls nothing", () => {
  const { status, stdout, called } = bootstrap([...given, "--dry-run"]);
  expect(status).toBe(0);
  expect(called).toEqual([]);
  expect(verbs(stdout.trim().split("\n"))).toEqual([
    "group create",
    "storage account create",
    "storage account blob-service-properties update",
    "keyvault create",
    "role assignment create",
    "role assignment create",
    "storage container-rm create",
    "keyvault key create",
    "stack init dev",
  ]);
});

test.each([
  [["dev"], "usage: scripts/bootstrap-state.sh"],
  [["dev", "r", "St_1", "kv-one"], "storage account St_1: 3 to 24 lower-case letters or digits"],
  [["dev", "r", "st1", "kv_one"], "key vault kv_one: 3 to 24 letters, digits and hyphens"],
  [["Dev", "r", "st1", "kv-one"], "environment Dev: lower-case letters, digits and hyphens"],
  [[...given, "--now"], "usage: scripts/bootstrap-state.sh"],
])("%j is refused before anything is called", (args, message) => {
  const { status, stderr, called } = bootstrap(args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
  expect(called).toEqual([]);
});
