import { hashContext } from "./buildContext";
import { combine, hashFile } from "./hash";
import type { FolderContent } from "./hash";
import type { Settings } from "./settings";

/** Images that hold a flow: its model's files laid over the image that serves it. */

type Images = Settings["images"];

/** The flow that an image holds; undefined where it serves any. */
export function flowIn(image: Images[string] | undefined): string | undefined {
  return image && "flow" in image ? image.flow : undefined;
}

/** The flow of such an image, and the image under it. */
export interface FlowImage {
  readonly flow: string;
  readonly from: string;
}

/** Folder of the Dockerfile that all of them are built with. */
export const FLOW_IMAGE_FOLDER = "images/flow";

/** Argument of that Dockerfile: the image under the flow, by digest. */
export const SERVING_IMAGE = "SERVING_IMAGE";

/** Folder of the build context that the flow's files stand in. */
export const FLOW_FOLDER = "flow";

/** What names the bytes of an image: its digest, or the hash of what it is built from, with a flow or without. */
export interface ImageContent {
  readonly by: "digest" | "context" | "flow";
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/**
 * Names the bytes of one of a stack's images. Equal contents are one image, and need no second build.
 *
 * @param model files of the flow's model; required for an image that holds a flow
 */
export function contentOfImage(
  root: string,
  images: Images,
  name: string,
  model?: FolderContent,
): ImageContent {
  const image = images[name];
  if (image === undefined) throw new Error(`no image ${name}: the checks let it pass`);
  if ("digest" in image) return { by: "digest", hash: image.digest.replace(/^.*@sha256:/, "") };
  if ("build" in image) return { by: "context", hash: hashContext(root, image.build).hash };
  if (model === undefined) throw new Error(`no files of ${image.flow} for the image ${name}`);
  const base = contentOfImage(root, images, image.from);
  const { files } = flowContext(root, model);
  return { by: "flow", hash: combine({ ...files, [SERVING_IMAGE]: `${base.by}:${base.hash}` }) };
}

/** What the daemon gets for an image that holds a flow: the Dockerfile, and the model's files in a folder. */
export function flowContext(root: string, model: FolderContent): FolderContent {
  const inFolder = Object.entries(model.files).map(([file, hash]) => [
    `${FLOW_FOLDER}/${file}`,
    hash,
  ]);
  const { files: dockerfile } = hashFile(root, `${FLOW_IMAGE_FOLDER}/Dockerfile`);
  const files = { ...dockerfile, ...(Object.fromEntries(inFolder) as Record<string, string>) };
  return { hash: combine(files), files };
}
