import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { isMap, parseDocument } from "yaml";
import { PROJECT } from "../../../config/stackFile";
import type { ServerSettings } from "../../sandbox/server";
import type { ClusterPlace } from "./attachedCluster";
import { type ServedAzure, servedAzure, startAzure } from "./azure";
import type { StatePlace } from "./bootstrapState";
import { releaseLocks } from "./engineLocks";
import { occupy } from "./occupy";

/** What a sandbox run needs to know. */
export interface SandboxOptions {
  /** Repository with `Pulumi.yaml` and `Pulumi.<stack>.yaml`. */
  readonly root: string;
  readonly stack: string;
  /** Folder for the simulated Azure, the engine's state and everything else that a run leaves behind. */
  readonly directory: string;
  /** Folder of the `pulumi` command. */
  readonly engineFolder: string;
  readonly program: PulumiFn;
  /** Values for names under `secrets`. By default each gets a random one, made up for this run. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly settings?: ServerSettings;
  /** A cluster to attach to the workspace. By default whatever stands is all there is. */
  readonly cluster?: ClusterPlace | undefined;
}

export interface SandboxStack {
  readonly stack: Stack;
  /** Address of the simulated Azure. */
  readonly url: string;
  /** Variables with which a process logs in to the simulated Azure. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * One stack on the real engine against the simulated Azure: the one that `sandbox serve` keeps running for the
 * folder, else one that lives as long as the stack is open. The engine works on copies of the stack's
 * files: it writes to them (the salt of the passphrase, for one), and the originals are the user's.
 */
export async function openSandboxStack(options: SandboxOptions): Promise<SandboxStack> {
  mkdirSync(join(options.directory, "state"), { recursive: true });
  const served = servedAzure(options.directory);
  const leave = occupy(options.directory, served ? "engine" : "process");
  try {
    const { close, ...sandbox } = await openStack(options, served);
    return { ...sandbox, close: () => close().finally(leave) };
  } catch (error) {
    leave();
    throw error;
  }
}

async function openStack(
  options: SandboxOptions,
  served: ServedAzure | undefined,
): Promise<SandboxStack> {
  const workDir = join(options.directory, options.stack);
  mkdirSync(workDir, { recursive: true });
  linkFolders(options.root, workDir);
  const project = copyProject(options, workDir);
  const { secretNames, ...tenancy } = copyStackFile(options, workDir);
  const azure = served
    ? { ...served, close: async () => undefined }
    : await startAzure(
        options.directory,
        { ...tenancy, cluster: options.cluster },
        options.settings,
      );
  // The Automation API looks for `pulumi` on this process's own PATH.
  const path = [
    options.engineFolder,
    join(__dirname, "../../sandbox/providers"),
    process.env.PATH ?? "",
  ].join(delimiter);
  process.env.PATH = path;
  try {
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: options.stack, projectName: project, program: options.program },
      {
        workDir,
        pulumiHome: join(options.directory, "home"),
        envVars: {
          ...azure.environment,
          PATH: path,
          PULUMI_BACKEND_URL: `file://${join(options.directory, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: passphrase(options.directory),
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        },
      },
    );
    await releaseLocks(stack, join(options.directory, "state"), project, options.stack);
    for (const name of secretNames) {
      const value = options.secrets?.[name] ?? `sandbox-${randomBytes(12).toString("hex")}`;
      await stack.setConfig(`secrets.${name}`, { value, secret: true }, true);
    }
    return { stack, url: azure.url, environment: azure.environment, close: () => azure.close() };
  } catch (error) {
    await azure.close();
    throw error;
  }
}

/** Where the program lays out what an image that holds a flow is built from. */
const LAID_OUT = ".genaiops";

/** Providers find a flow or an image relative to the folder the engine runs in. */
function linkFolders(root: string, workDir: string): void {
  mkdirSync(join(root, LAID_OUT), { recursive: true });
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const link = join(workDir, entry.name);
    const hidden = entry.name.startsWith(".") && entry.name !== LAID_OUT;
    if (!entry.isDirectory() || hidden || entry.name === "node_modules") continue;
    if (!existsSync(link)) symlinkSync(join(root, entry.name), link, "junction");
  }
}

function copyProject(options: SandboxOptions, workDir: string): string {
  const document = parseDocument(readFileSync(join(options.root, "Pulumi.yaml"), "utf8"));
  const providers = document.getIn(["plugins", "providers"]) as { items: unknown[] } | undefined;
  for (const provider of providers?.items ?? []) {
    if (isMap(provider)) provider.set("path", resolve(options.root, String(provider.get("path"))));
  }
  writeFileSync(join(workDir, "Pulumi.yaml"), document.toString());
  return String(document.get("name"));
}

/** Copies the stack's settings without what only its own key can decrypt. */
function copyStackFile(options: SandboxOptions, workDir: string) {
  const file = `Pulumi.${options.stack}.yaml`;
  const document = parseDocument(readFileSync(join(options.root, file), "utf8"));
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(key);
  const config = document.get("config");
  const secretNames: string[] = [];
  if (isMap(config)) {
    for (const key of ["secrets", `${PROJECT}:secrets`]) {
      const secrets = config.get(key);
      if (isMap(secrets)) secretNames.push(...secrets.items.map((item) => String(item.key)));
      config.delete(key);
    }
  }
  writeFileSync(join(workDir, file), document.toString());
  const values = (document.toJS() as { config?: Readonly<Record<string, unknown>> }).config ?? {};
  const ofProject = (key: string) => values[key] ?? values[`${PROJECT}:${key}`];
  return {
    secretNames,
    tenantId: values["azure-native:tenantId"] as string | undefined,
    subscriptionId: String(values["azure-native:subscriptionId"]),
    location: String(values["azure-native:location"]),
    state: (ofProject("devops") as { state?: StatePlace } | undefined)?.state,
  };
}

function passphrase(directory: string): string {
  const file = join(directory, "passphrase");
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}
