import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { record } from "../../../config/folders";
import { parseYaml } from "../../../config/source";
import type { Problem } from "../../../config/problem";

/**
 * Packages that a flow names and the image that serves it does not install. Commands that run a flow here install
 * them; an arm would end at its first import.
 *
 * @param settings of the stack, which says what serves its arms
 */
export function missingPackages(
  root: string,
  settings: Readonly<Record<string, unknown>>,
  folder: string,
  file: string,
): Problem[] {
  const image = record(settings["armDefaults"])["image"];
  const build = record(record(settings["images"])[String(image)])["build"];
  const served = path.join(root, String(build), "requirements.txt");
  const wanted = path.join(folder, file);
  if (typeof build !== "string" || !existsSync(served) || !existsSync(wanted)) return [];
  const known = new Set(packagesIn(served).map(({ name }) => name));
  const missing = packagesIn(wanted).filter(({ name }) => !known.has(name));
  return missing.map(({ name, line }) => ({
    ...parseYaml(file, "").problem([], {
      found: `the image ${String(image)} does not install ${name}`,
      allowed: `the packages of ${build}/requirements.txt`,
      mend: "add it there, or give the flow's arms an image of their own",
    }),
    line,
  }));
}

function packagesIn(file: string): { name: string; line: number }[] {
  return readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap((text, index) => {
      const name = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(text)?.[1];
      // Names are compared as pip does: packaging.python.org, name normalization.
      return name === undefined
        ? []
        : [{ name: name.toLowerCase().replace(/[-_.]+/g, "-"), line: index + 1 }];
    });
}
