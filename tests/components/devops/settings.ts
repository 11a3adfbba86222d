import { someEnvironment, someFlow } from "../../support/environment";
import type { SettingsText } from "../../support/environment";

/** The block `devops` of an environment that owns the project and the repository. */
export const owner = {
  project: { mode: "create", name: "shop" },
  repository: { mode: "import", name: "shop-flows", url: "https://example.com/flows.git" },
  branches: ["development"],
};

/** That of an environment that joins. */
export const joiner = {
  project: { mode: "existing", name: "shop" },
  repository: { mode: "existing", name: "shop-flows" },
  branches: ["main", "release/*"],
};

/** `dev` with a block `devops` and the flows `web` and `support`. */
export function withDevOps(devops: SettingsText, settings: SettingsText = {}) {
  return someEnvironment({ ...settings, devops }, [someFlow("support"), someFlow("web")]);
}
