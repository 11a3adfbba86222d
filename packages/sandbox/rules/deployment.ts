import { lastName, parentId } from "../ids";
import { valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/** "set traffic to 0 first": DOC/how-to-safely-rollout-online-endpoints.md */
const noLiveTraffic: Rule = ({ id, find }) => {
  const endpoint = find(parentId(id));
  for (const path of ["traffic", "mirrorTraffic"]) {
    const weight = valueAt(endpoint?.body, `properties.${path}.${lastName(id)}`);
    if (typeof weight === "number" && weight > 0) {
      return refuse(
        400,
        "BadRequest",
        `Deployment ${lastName(id)} receives ${weight} % of the endpoint's ${path === "traffic" ? "live" : "mirrored"} traffic and cannot be deleted; set it to 0 first.`,
      );
    }
  }
  return undefined;
};

export const deploymentRules: readonly Rule[] = [];
export const deploymentDeleteRules: readonly Rule[] = [noLiveTraffic];
