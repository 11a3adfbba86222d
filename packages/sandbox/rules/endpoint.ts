import { parentId } from "../ids";
import { isRecord, valueAt } from "../paths";
import { endpointIdentityRules } from "./endpointIdentity";
import { growOnly } from "./growOnly";
import { kubernetesEndpointRules } from "./kubernetes";
import { refuse, type Rule } from "./rule";
import { trafficRules } from "./traffic";

/** DOC/how-to-manage-quotas.md: endpoints per subscription and region. */
const quota: Rule = ({ before, token, all, location, quotas }) =>
  !before &&
  all(token).filter((other) => other.body["location"] === location).length >= quotas.endpoints
    ? refuse(
        400,
        "OutOfQuota",
        `Quota exceeded: ${quotas.endpoints} endpoints per subscription and region (${location}).`,
      )
    : undefined;

/** DOC/how-to-authenticate-online-endpoint.md: Entra tokens are for managed endpoints. */
const authMode: Rule = ({ body }) =>
  String(body["kind"]).toLowerCase() === "kubernetes" &&
  valueAt(body, "properties.authMode") === "AADToken"
    ? refuse(400, "BadRequest", "authMode AADToken is available on managed online endpoints only.")
    : undefined;

/** DOC/how-to-configure-network-isolation-with-v2.md: in legacy mode the workspace has no v2 endpoints. */
const notLegacy: Rule = ({ id, find }) =>
  valueAt(find(parentId(id))?.body, "properties.v1LegacyMode") === true
    ? refuse(400, "BadRequest", "The workspace is in v1LegacyMode and takes no online endpoints.")
    : undefined;

/** DOC/how-to-safely-rollout-online-endpoints.md: mirroring is for managed endpoints. */
const mirrorManaged: Rule = ({ body }) => {
  const mirror = valueAt(body, "properties.mirrorTraffic");
  return String(body["kind"]).toLowerCase() === "kubernetes" &&
    isRecord(mirror) &&
    Object.keys(mirror).length > 0
    ? refuse(400, "BadRequest", "Mirror traffic is available on managed online endpoints only.")
    : undefined;
};

export const endpointRules: readonly Rule[] = [
  notLegacy,
  quota,
  authMode,
  mirrorManaged,
  ...kubernetesEndpointRules,
  ...trafficRules,
  ...endpointIdentityRules,
  growOnly,
];
