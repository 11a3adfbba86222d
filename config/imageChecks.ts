import path from "node:path";
import { baseImageProblems } from "./dockerfile";
import { quote } from "./display";
import { FLOW_IMAGE_FOLDER, SERVING_IMAGE, type FlowImage } from "./flowImage";
import { faultOfPath, record } from "./folders";
import { hashContext } from "./buildContext";
import { ProblemsError } from "./problem";
import type { Problem } from "./problem";
import { loadExperiment } from "./readExperiment";
import { valueAt } from "./schemaWalk";
import type { ArmSettings } from "./settings";
import type { DataPath } from "./source";
import type { StackText } from "./stackFile";
import { at, unknownName } from "./stackProblem";
import { orListing } from "./suggest";

/** What is wrong with the images of a stack beyond the form of single values. */
export function imageProblems(root: string, stack: string, text: StackText): Problem[] {
  const images = record(text.settings.images);
  const problems = Object.entries(images).flatMap(([name, image]) => {
    const folder = record(image).build;
    if (typeof folder === "string" && folder !== "") {
      return buildProblems(root, text, name, folder);
    }
    const holding = flowImage(image);
    return holding === undefined ? [] : flowImageProblems(root, stack, text, name, holding);
  });
  const first = Object.keys(images).find((name) => flowImage(images[name]));
  if (first !== undefined) problems.push(...flowDockerfileProblems(root, text, first));
  const usual = valueAt(text.settings, ["armDefaults", "image"]);
  const known = imageNames(text);
  if (typeof usual === "string" && known && !known.includes(usual)) {
    problems.push(unknownName(text, ["armDefaults", "image"], "image", usual, known));
  }
  return problems;
}

/** What an arm may call its image; undefined where the environment that has the images cannot be read. */
function imageNames(text: StackText): readonly string[] | undefined {
  const images = imagesOf(text);
  return images && Object.keys(images);
}

/** The flow that one of the images holds, and the image under it; undefined for any other image. */
export function flowImageOf(text: StackText, name: unknown): FlowImage | undefined {
  return typeof name === "string" ? flowImage(imagesOf(text)?.[name]) : undefined;
}

function imagesOf({ settings, promotedImages }: StackText) {
  return settings.promotion === undefined ? record(settings.images) : promotedImages;
}

function flowImage(image: unknown): FlowImage | undefined {
  const { flow, from } = record(image);
  return typeof flow === "string" && typeof from === "string" ? { flow, from } : undefined;
}

/** An image that holds a flow serves this flow alone, and of the versions only those that it was built from. */
export function armImageProblems(
  text: StackText,
  under: DataPath,
  { image, version }: ArmSettings,
): Problem[] {
  const known = imageNames(text);
  if (known === undefined) return [];
  const usual = record(text.settings.armDefaults).image;
  if (image !== undefined && !known.includes(image)) {
    return [unknownName(text, [...under, "image"], "image", image, known)];
  }
  if (image === undefined && usual === undefined) {
    return [
      at(
        text,
        under,
        `the arm ${quote(String(under.at(-1)))} has no image`,
        "an image of its own or armDefaults.image",
        orListing("", [...known].sort(), "add one under images and name it in armDefaults.image"),
      ),
    ];
  }
  const name = String(image ?? usual);
  const holding = flowImageOf(text, name);
  const flow = String(under[1]);
  if (holding === undefined) return [];
  if (holding.flow !== flow) {
    return [
      at(
        text,
        image === undefined ? under : [...under, "image"],
        `the image ${quote(name)} holds the flow ${holding.flow}, and serves no other`,
        `an image that holds ${flow}, or one that serves any flow`,
        `write image: ${holding.from}`,
      ),
    ];
  }
  return text.settings.promotion !== undefined || version === "current"
    ? []
    : [
        at(
          text,
          [...under, "version"],
          `version is ${JSON.stringify(version)} with the image ${quote(name)}, which holds this checkout of the flow`,
          "current; or the versions of another environment, each with the image that it was evaluated in",
          `write image: ${holding.from}, which serves the files of any version, or take versions by promotion`,
        ),
      ];
}

/** The flow must be one of the stack, and the image under it one that serves any flow. */
function flowImageProblems(
  root: string,
  stack: string,
  text: StackText,
  name: string,
  { flow, from }: FlowImage,
): Problem[] {
  const images = record(text.settings.images);
  const known = Object.keys(images).sort();
  const bases = known.filter((other) => flowImage(images[other]) === undefined);
  const flows = Object.keys(record(text.settings.flows));
  const place = ["images", name];
  const problems: Problem[] = [];
  if (!flows.includes(flow)) {
    problems.push(unknownName(text, [...place, "flow"], "flow", flow, flows));
  } else if (loadExperiment(root, flow, stack).experiment?.kind === "container") {
    problems.push(
      at(
        text,
        [...place, "flow"],
        `the flow ${flow} is a container, which is an image of its own`,
        "a DAG or flex flow",
        "write build: <folder of its Dockerfile> in place of flow and from",
      ),
    );
  }
  if (!known.includes(from)) {
    problems.push(unknownName(text, [...place, "from"], "image", from, bases));
  } else if (!bases.includes(from)) {
    problems.push(
      at(
        text,
        [...place, "from"],
        `the image ${quote(from)} holds a flow itself`,
        "an image with digest or build",
        orListing("", bases, "add one under images"),
      ),
    );
  }
  return problems;
}

function flowDockerfileProblems(root: string, text: StackText, image: string): Problem[] {
  const dockerfile = `${FLOW_IMAGE_FOLDER}/Dockerfile`;
  const fault = faultOfPath(root, dockerfile, "file");
  return fault === undefined
    ? baseImageProblems(root, dockerfile, SERVING_IMAGE)
    : [text.file.problem(text.place(["images", image]), fault, "key")];
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
