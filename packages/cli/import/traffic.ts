import { quote } from "../../../config/display";
import { armName } from "../../../config/fields";
import type { Fault } from "../../../config/problem";
import type { YamlFile } from "../../../config/source";
import { numberOf, textOf } from "./deploymentConfig";
import type { Entry } from "./deploymentConfig";
import type { Findings } from "./findings";

/** The deployments of one entry as arms: the current one, and the one before it where there is one. */
export interface Traffic {
  readonly current: { readonly name: string; readonly weight: number };
  readonly prior?: { readonly name: string; readonly weight: number };
}

const SHARES = {
  current: "CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION",
  prior: "PRIOR_DEPLOYMENT_TRAFFIC_ALLOCATION",
} as const;
const NAMES = { current: "CURRENT_DEPLOYMENT_NAME", prior: "PRIOR_DEPLOYMENT_NAME" } as const;

/** Name of an arm that has none in the source. */
const UNNAMED = "blue";

/**
 * The arms of an entry and their weights. The reference's scripts route 100 − current to the prior deployment
 * whatever its own share says (llmops/common/deployment/provision_deployment.py); so does this where the two
 * disagree, and says it. Undefined where the entry has a problem.
 */
export function trafficOf(file: YamlFile, entry: Entry, findings: Findings): Traffic | undefined {
  const say = (list: "changed" | "decisions" | "problems", key: string, fault: Fault) =>
    findings[list].push(file.problem([entry.list, entry.index, key], fault));
  const name = (which: keyof typeof NAMES) => armOf(textOf(entry, NAMES[which]), NAMES[which], say);

  const current = textOf(entry, NAMES.current) === "" ? UNNAMED : name("current");
  const share = { current: numberOf(entry, SHARES.current), prior: numberOf(entry, SHARES.prior) };
  for (const which of ["current", "prior"] as const) {
    const raw = entry.values[SHARES[which]];
    const counts = which === "current" || textOf(entry, NAMES.prior) !== "";
    if (counts && typeof raw === "string" && raw.trim() !== "") {
      say("changed", SHARES[which], {
        found: "the share is a text",
        allowed: "weights are numbers",
        mend: `it is ${share[which]}`,
      });
    }
  }
  if (textOf(entry, NAMES.current) === "") {
    say("changed", NAMES.current, {
      found: "the deployment has no name",
      allowed: "each arm has one",
      mend: `it is called ${UNNAMED}`,
    });
  }
  if (textOf(entry, NAMES.prior) === "") {
    if (current === undefined) return undefined;
    return { current: { name: current, weight: alone(share, say) } };
  }
  const prior = name("prior");
  if (current === undefined || prior === undefined) return undefined;
  if (current === prior) {
    say("problems", NAMES.prior, {
      found: `the prior and the current deployment are both ${JSON.stringify(current)} as names of arms`,
      allowed: "two names that differ in their letters and digits",
      mend: "correct one of the two",
    });
    return undefined;
  }
  return shared(current, prior, share, say);
}

type Say = (list: "changed" | "decisions" | "problems", key: string, fault: Fault) => void;
type Shares = Readonly<Record<"current" | "prior", number | undefined>>;

/** One deployment gets everything; what else stood there is said. */
function alone({ current, prior }: Shares, say: Say): number {
  if ((prior ?? 0) > 0) {
    say("decisions", SHARES.prior, {
      found: `a prior deployment without a name has the share ${prior}`,
      allowed: "no arm was made of it, and the current one has weight 100",
      mend: "name it there and import again, or add the arm",
    });
  } else if (current !== undefined && current !== 100) {
    say("changed", SHARES.current, {
      found: `the only deployment has the share ${current}`,
      allowed: "weights sum to 100",
      mend: "it has weight 100",
    });
  }
  return 100;
}

function shared(current: string, prior: string, share: Shares, say: Say): Traffic | undefined {
  if (share.current === undefined && share.prior === undefined) {
    say("problems", SHARES.current, {
      found: "neither the current nor the prior deployment has a share",
      allowed: "shares that sum to 100",
      mend: "write both",
    });
    return undefined;
  }
  const weight = share.current ?? 100 - (share.prior as number);
  const rest = 100 - weight;
  if (share.current === undefined) {
    say("changed", SHARES.current, {
      found: "the current deployment has no share",
      allowed: "weights sum to 100",
      mend: `it has weight ${weight}`,
    });
  } else if (share.prior === undefined) {
    say("changed", SHARES.prior, {
      found: "the prior deployment has no share",
      allowed: "weights sum to 100",
      mend: `it has weight ${rest}, as the reference's scripts would route`,
    });
  } else if (share.prior !== rest) {
    say("decisions", SHARES.prior, {
      found: `the shares ${share.current} and ${share.prior} sum to ${share.current + share.prior}`,
      allowed: `weights sum to 100: ${prior} has ${rest}, since the reference's scripts pass over the prior share`,
      mend: "correct the weights where that was not meant",
    });
  }
  say("decisions", NAMES.prior, {
    found: `no file says which model version the prior deployment ${JSON.stringify(prior)} serves`,
    allowed: "it follows the newest approved version, and gets no requests before one is approved",
    mend: "write its number in place of approved, or remove the arm",
  });
  return { current: { name: current, weight }, prior: { name: prior, weight: rest } };
}

/** A legal name of an arm for a deployment's name; undefined where none is near. */
function armOf(text: string, key: string, say: Say): string | undefined {
  if (armName.safeParse(text).success) return text;
  const name = legalName(text);
  if (name === undefined) {
    say("problems", key, {
      found: "the name of the deployment can be no name of an arm",
      allowed: String(armName.safeParse("").error?.issues[0]?.message),
      mend: "write such a name",
    });
    return undefined;
  }
  say("changed", key, {
    found: `the deployment's name ${quote(text)} is none of an arm`,
    allowed: "lower-case letters, digits and single hyphens",
    mend: `the arm is ${name}`,
  });
  return name;
}

/** The legal name of a flow or arm nearest to a text: `web_classification` is `web-classification`. */
export function legalName(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return armName.safeParse(name).success ? name : undefined;
}
