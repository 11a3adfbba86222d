import path from "node:path";
import { baseImageProblems } from "./dockerfile";
import { faultOfPath, record } from "./folders";
import { hashContext } from "./buildContext";
import { ProblemsError } from "./problem";
import type { Problem } from "./problem";
import { valueAt } from "./schemaWalk";
import type { StackText } from "./stackFile";
import { unknownName } from "./stackProblem";

/** What is wrong with the images of a stack beyond the form of single values. */
export function imageProblems(root: string, text: StackText): Problem[] {
  const images = record(text.settings.images);
  const problems = Object.entries(images).flatMap(([name, image]) => {
    const folder = record(image).build;
    return typeof folder === "string" && folder !== ""
      ? buildProblems(root, text, name, folder)
      : [];
  });
  const usual = valueAt(text.settings, ["armDefaults", "image"]);
  const known = imageNames(text);
  if (typeof usual === "string" && known && !known.includes(usual)) {
    problems.push(unknownName(text, ["armDefaults", "image"], "image", usual, known));
  }
  return problems;
}

/** What an arm may call its image; undefined where the environment that has the images cannot be read. */
export function imageNames({ settings, promotedImages }: StackText): readonly string[] | undefined {
  if (settings.promotion !== undefined) return promotedImages;
  return Object.keys(record(settings.images));
}

function buildProblems(root: string, text: StackText, name: string, folder: string): Problem[] {
  const dockerfile = path.posix.join(folder, "Dockerfile");
  const fault = faultOfPath(root, folder, "folder") ?? faultOfPath(root, dockerfile, "file");
  if (fault !== undefined) {
    return [text.file.problem(text.place(["images", name, "build"]), fault)];
  }
  return [...baseImageProblems(root, dockerfile), ...contextProblems(root, folder)];
}

function contextProblems(root: string, folder: string): Problem[] {
  try {
    hashContext(root, folder);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return [...error.problems];
    throw error;
  }
}
