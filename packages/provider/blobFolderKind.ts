import { folderPath, folderProblems, type Folder } from "./blobRules";
import type { Cloud } from "./cloud";
import { callOf, type Kind } from "./kind";
import { propertyChanges } from "./propertyChanges";
import { isUnknown, unknown, type Properties } from "./protocol";
import { UserError } from "./userError";

/** Loaded with the first folder that is sent: the engine waits for everything a plugin loads at its start. */
const sending = () => require("./blobFolder") as typeof import("./blobFolder");

/** What makes another place; another hash is the same resource at another folder of it. */
const identity = ["account", "container", "prefix"] as const;

export function blobFolderKind(cloud: Cloud, root: string): Kind {
  return {
    problems: ({ inputs }) => folderProblems(inputs),

    diff: ({ oldInputs, inputs }) => ({ changes: propertyChanges(oldInputs, inputs, identity) }),

    create: async (request) => {
      const { inputs } = request;
      if (request.preview) return { id: "", outputs: planned(inputs) };
      const folder = folderIn(inputs);
      const { ensureFolder } = sending();
      const { path } = await ensureFolder(cloud, root, folder, callOf(request));
      return { id: idOf(folder), outputs: { ...inputs, path } };
    },

    update: async (request) => {
      const { inputs } = request;
      if (request.preview) return { outputs: planned(inputs) };
      const { ensureFolder } = sending();
      const { path } = await ensureFolder(cloud, root, folderIn(inputs), callOf(request));
      return { outputs: { ...inputs, path } };
    },

    read: async (request) => {
      if (Object.keys(request.inputs).length === 0) {
        throw new UserError(
          `${request.id} cannot be imported\nDeclare the BlobFolder: files that are there are not sent again.`,
        );
      }
      const { hasFolder } = sending();
      const whole = await hasFolder(cloud, folderIn(request.inputs), callOf(request));
      const { id, inputs, outputs } = request;
      return whole ? { id, inputs, outputs } : undefined;
    },

    /** Files stay: versions that refer to them do. */
    delete: async () => {},
  };
}

const planned = (inputs: Properties): Properties => {
  const known = !isUnknown([inputs["prefix"], inputs["hash"]]);
  return { ...inputs, path: known ? folderPath(folderIn(inputs)) : unknown };
};

const idOf = ({ account, container, prefix }: Folder) => `${account}/${container}/${prefix}`;

/** Checked before by `folderProblems`. */
const folderIn = ({ account, container, prefix, source, files, hash }: Properties): Folder =>
  ({ account, container, prefix, source, files, hash }) as unknown as Folder;
