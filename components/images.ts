import type { Environment } from "../config/environment";
import { contentOfImage, flowIn, SERVING_IMAGE } from "../config/flowImage";
import { layFlowContext } from "./flowContext";
import { Image, type ImageArgs } from "./image";
import type { ResolvedFlow } from "./versions";

/**
 * The images that arms are served from, by their name in the settings, and those that lie under them; an unused one
 * is not built.
 */
export function createImages(
  environment: Environment,
  flows: readonly ResolvedFlow[],
  args: Pick<ImageArgs, "loginServer" | "workspace" | "sharedIn">,
): Map<string, Image> {
  const made = new Map<string, Image>();
  const make = (imageName: string): Image => {
    const standing = made.get(imageName);
    if (standing) return standing;
    const own = sourceOf(environment, imageName, make);
    const image = new Image(`image.${imageName}`, { ...args, imageName, ...own });
    made.set(imageName, image);
    return image;
  };
  const used = flows.flatMap(({ arms }) =>
    arms.filter(({ evaluatedWith }) => !evaluatedWith).map(({ image }) => image),
  );
  [...new Set(used)].sort().forEach(make);
  return made;
}

function sourceOf(
  { settings: { images }, root, flows }: Environment,
  name: string,
  make: (name: string) => Image,
): Pick<ImageArgs, "source" | "content"> {
  const image = images[name];
  if (image === undefined) throw new Error(`no image ${name}: the checks let it pass`);
  const holder = flows.find((flow) => flow.name === flowIn(image));
  const content = contentOfImage(root, images, name, holder?.content);
  if ("digest" in image) return { source: { digest: image.digest }, content };
  if ("build" in image) return { source: { folder: image.build }, content };
  const { experiment, content: model } = holder ?? {};
  if (!experiment || !model) throw new Error(`no files of ${image.flow}: the checks let it pass`);
  return {
    source: {
      folder: layFlowContext(root, experiment.flow, model),
      arguments: { [SERVING_IMAGE]: make(image.from).reference },
    },
    content,
  };
}
