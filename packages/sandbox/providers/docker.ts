import { createHash } from "node:crypto";
import * as path from "node:path";
import { propertyChanges } from "../../provider/propertyChanges";
import {
  type CheckRequest,
  type Diff,
  type Failure,
  isUnknown,
  type Properties,
  type Provider,
  unknown,
} from "../../provider/serve";
import { UserError } from "../../provider/userError";
import { Connection } from "./connection";
import { contextDigest } from "./dockerContext";
import { withoutNulls } from "./values";

const image = "docker:index/image:Image";

/** `[registry/]repository[:tag]`: github.com/distribution/reference. */
const reference =
  /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*(?::\w[\w.-]{0,127})?$/;

const text = (value: unknown, otherwise = ""): string =>
  typeof value === "string" ? value : otherwise;

/**
 * `docker.Image` without a daemon: nothing is built, but the digest changes exactly when the bytes of the build
 * change, and the sandbox's registry knows of it. As with the real one, the digest is unknown while previewing.
 */
class Docker implements Provider {
  readonly name = "docker";
  readonly version = "5.2.0";

  async check({
    type,
    inputs: given,
  }: CheckRequest): Promise<{ inputs: Properties; failures: Failure[] }> {
    requireImage(type);
    const inputs = withoutNulls(given);
    const failures: Failure[] = [];
    if (!isUnknown(inputs.imageName) && !reference.test(text(inputs.imageName))) {
      const reason = `invalid reference format: ${JSON.stringify(inputs.imageName)}; write [registry/]repository[:tag] in lower case`;
      failures.push({ property: "imageName", reason });
    }
    const build = (inputs.build ?? {}) as Properties;
    const { context = ".", dockerfile, platform = "linux/amd64" } = build;
    if (isUnknown(context) || isUnknown(dockerfile)) return { inputs, failures };
    const file = text(dockerfile, path.join(text(context), "Dockerfile"));
    try {
      const digest = contextDigest(text(context), file);
      inputs.build = { ...build, context, dockerfile: file, platform, contextDigest: digest };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push({ property: "build", reason: error.message });
    }
    return { inputs, failures };
  }

  async diff({ oldInputs, inputs }: { oldInputs: Properties; inputs: Properties }): Promise<Diff> {
    // A registry password that was renewed builds no other image.
    return { changes: propertyChanges(withoutPassword(oldInputs), withoutPassword(inputs)) };
  }

  async create({ inputs, preview }: { inputs: Properties; preview: boolean }) {
    const outputs = await built(inputs, preview);
    return { id: preview ? "" : text(outputs.imageName), outputs };
  }

  async update({ inputs, preview }: { inputs: Properties; preview: boolean }) {
    return { outputs: await built(inputs, preview) };
  }

  async read({ id, inputs, outputs }: { id: string; inputs: Properties; outputs: Properties }) {
    return { id, inputs, outputs };
  }

  /** Images stay where they are, as with the real provider. */
  async delete(): Promise<void> {}

  async invoke({ token }: { token: string }): Promise<never> {
    throw new UserError(`the sandbox does not simulate the function ${token}`);
  }
}

export function provider(): Provider {
  return new Docker();
}

function requireImage(type: string): void {
  if (type !== image) throw new UserError(`the sandbox simulates ${image} alone, not ${type}`);
}

function withoutPassword({ registry, ...inputs }: Properties): Properties {
  const { password: _, ...rest } = (withoutNulls(registry) ?? {}) as Properties;
  return { ...withoutNulls(inputs), registry: rest };
}

/** What a build and push answers. Inside a sandbox the image then stands in its registry. */
async function built(inputs: Properties, preview: boolean): Promise<Properties> {
  const outputs = outputsOf(inputs, preview);
  if (preview || inputs.skipPush || !process.env.GENAIOPS_SANDBOX) return outputs;
  const { imageName, repoDigest } = outputs as { imageName: string; repoDigest: string };
  await new Connection().pushed(`${imageName}@${repoDigest.split("@")[1]}`);
  return outputs;
}

function outputsOf(given: Properties, preview: boolean): Properties {
  const {
    imageName,
    build = {},
    registry = {},
    skipPush,
  } = withoutNulls(given) as Record<string, Properties> & {
    imageName: string;
  };
  return {
    imageName,
    baseImageName: imageName,
    context: build.context,
    dockerfile: build.dockerfile,
    platform: build.platform,
    registryServer: registry.server ?? serverOf(imageName),
    repoDigest:
      preview || isUnknown([imageName, build])
        ? unknown
        : repoDigest(imageName, build, Boolean(skipPush)),
  };
}

function serverOf(imageName: string): string {
  if (isUnknown(imageName)) return unknown;
  const [first = "", ...rest] = imageName.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/** `repository@sha256:…` of a pushed image, `sha256:…` of a local one. */
function repoDigest(imageName: string, build: Properties, local: boolean): string {
  const { contextDigest: context, args = {}, target = "", platform } = build;
  const values = Object.entries(args as Properties).sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = JSON.stringify([context, values, target, platform]);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return local ? digest : `${imageName.replace(/:[^:/]*$/, "")}@${digest}`;
}
