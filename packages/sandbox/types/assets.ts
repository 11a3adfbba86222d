import type { Facts } from "../facts";
import { key, lastName, parentId } from "../ids";
import {
  registryEnvironmentRules,
  registryModelRules,
  registryWriters,
  startPendingUpload,
} from "../rules/registryAssets";
import { versionRules, modelVersionRules } from "../rules/versions";
import type { ResourceType } from "./type";
import { registryPath, workspacePath } from "./workspace";

/** Versioned assets: an immutable version below a container that comes with the first version. */
const ml = "azure-native:machinelearningservices";

/** swagger mfe: name parameters of assets, ^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$ */
const nameRule = {
  min: 1,
  max: 255,
  pattern: /^[A-Za-z0-9][-\w.]*$/,
  says: "letters, digits, hyphens, underscores and periods, starting with a letter or digit",
  source: "swagger mfe.json, asset names",
};

/** A container below a workspace or registry; azure-native calls its name `name` or `<asset>Name`. */
function container(
  collection: string,
  versionToken: string,
  parent = workspacePath,
  own = "name",
): ResourceType {
  const numbers = ({ id, all }: Facts): number[] =>
    all(versionToken)
      .filter((version) => key(parentId(version.id)) === key(id))
      .map((version) => Number(lastName(version.id)))
      .filter(Number.isInteger);
  return {
    path: `${parent}/${collection}/{${own}}`,
    name: nameRule,
    computed: {
      "properties.provisioningState": () => "Succeeded",
      "properties.latestVersion": (facts) =>
        numbers(facts).length > 0 ? String(Math.max(...numbers(facts))) : undefined,
      "properties.nextVersion": (facts) => String(Math.max(0, ...numbers(facts)) + 1),
    },
  };
}

/** "Argument 'version' exceeded maximum length of 30 for DatasetId", said of data assets. */
const dataVersionRule = {
  ...nameRule,
  max: 30,
  source: "github.com/Azure/azureml-assets/issues/295",
};

function version(
  collection: string,
  rules: ResourceType["writeRules"],
  name: ResourceType["name"] = nameRule,
  parent = workspacePath,
  own = "name",
): ResourceType {
  return {
    path: `${parent}/${collection}/{${own}}/versions/{version}`,
    name,
    impliedParent: true,
    defaults: { "properties.isAnonymous": false, "properties.isArchived": false },
    computed: { "properties.provisioningState": () => "Succeeded" },
    writeRules: rules,
  };
}

export const assetTypes: Readonly<Record<string, ResourceType>> = {
  [`${ml}:ModelContainer`]: container("models", `${ml}:ModelVersion`),
  [`${ml}:ModelVersion`]: version("models", [...modelVersionRules, ...versionRules]),
  [`${ml}:DataContainer`]: container("data", `${ml}:DataVersion`),
  [`${ml}:DataVersion`]: version("data", versionRules, dataVersionRule),
  [`${ml}:EnvironmentContainer`]: container("environments", `${ml}:EnvironmentVersion`),
  [`${ml}:EnvironmentVersion`]: version("environments", versionRules),
  [`${ml}:RegistryModelContainer`]: container(
    "models",
    `${ml}:RegistryModelVersion`,
    registryPath,
    "modelName",
  ),
  [`${ml}:RegistryModelVersion`]: {
    ...version(
      "models",
      [...modelVersionRules, ...registryModelRules, ...versionRules],
      nameRule,
      registryPath,
      "modelName",
    ),
    writers: registryWriters,
    actionsBefore: { startPendingUpload },
  },
  [`${ml}:RegistryEnvironmentContainer`]: container(
    "environments",
    `${ml}:RegistryEnvironmentVersion`,
    registryPath,
    "environmentName",
  ),
  [`${ml}:RegistryEnvironmentVersion`]: {
    ...version(
      "environments",
      [...registryEnvironmentRules, ...versionRules],
      nameRule,
      registryPath,
      "environmentName",
    ),
    writers: registryWriters,
  },
};
