import { approvedVersions } from "./approvedVersions";
import { assetVersionKind } from "./assetVersionKind";
import { blobFolderKind } from "./blobFolderKind";
import type { Cloud } from "./cloud";
import { importedImageKind } from "./importedImageKind";
import { promotedVersions } from "./promotedVersions";
import { endpointSettingsKind } from "./endpointSettingsKind";
import type { Kind } from "./kind";
import { ResourceManager } from "./resourceManager";
import type { Provider } from "./protocol";
import {
  approvedVersionsToken,
  pluginName,
  pluginVersion,
  promotedVersionsToken,
  resourceTokens,
  type ApprovedVersionsArgs,
  type PromotedVersionsArgs,
} from "./tokens";
import { UserError } from "./userError";
import { webAppSettingsKind } from "./webAppSettingsKind";

/**
 * The provider `genaiops`: what no other provider does for a flow on Azure Machine Learning.
 *
 * @param root the repository, which the folders of `BlobFolder` are relative to
 */
export function genaiops(cloud: Cloud, root: string): Provider {
  const azure = new ResourceManager(cloud);
  const kinds: Readonly<Record<string, Kind>> = {
    [resourceTokens.endpointSettings]: endpointSettingsKind(azure),
    [resourceTokens.webAppSettings]: webAppSettingsKind(azure),
    [resourceTokens.assetVersion]: assetVersionKind(azure),
    [resourceTokens.blobFolder]: blobFolderKind(cloud, root),
    [resourceTokens.importedImage]: importedImageKind(azure),
  };
  const kind = ({ type }: { type: string }): Kind => {
    const found = kinds[type];
    if (!found) throw new UserError(unknownToken(type, Object.keys(kinds)));
    return found;
  };
  return {
    name: pluginName,
    version: pluginVersion,
    check: async (request) => ({
      inputs: request.inputs,
      failures: kind(request).problems(request),
    }),
    diff: async (request) => kind(request).diff(request),
    create: async (request) => kind(request).create(request),
    read: async (request) => kind(request).read(request),
    update: async (request) => kind(request).update(request),
    delete: async (request) => kind(request).delete(request),
    invoke: async ({ token, args, signal }) => {
      if (token === promotedVersionsToken) {
        const wanted = args as unknown as PromotedVersionsArgs;
        return { outputs: { ...(await promotedVersions(azure, wanted, { signal })) } };
      }
      if (token !== approvedVersionsToken) {
        throw new UserError(unknownToken(token, [approvedVersionsToken, promotedVersionsToken]));
      }
      const wanted = args as unknown as ApprovedVersionsArgs;
      return { outputs: { ...(await approvedVersions(azure, wanted, { signal })) } };
    },
  };
}

const unknownToken = (token: string, known: readonly string[]) =>
  `the provider ${pluginName} ${pluginVersion} has no ${token}; it has ${known.join(", ")}`;
