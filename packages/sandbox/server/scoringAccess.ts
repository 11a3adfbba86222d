import { guid } from "../ids";
import { valueAt } from "../paths";
import type { AzureState, StoredResource } from "../state";
import { bearerToken, type Request } from "./http";
import { type Grant, mayScore } from "./principals";
import type { Claims } from "./tokens";

/** Audience of a token for an endpoint with authMode AADToken: DOC/how-to-authenticate-online-endpoint.md */
const audience = "https://ml.azure.com";

/** What the endpoint's `authMode` refuses: 401 who is not known, 403 who may not score. */
export function scoringRefusal(
  { id, body }: StoredResource,
  { headers }: Pick<Request, "headers">,
  known: {
    readonly state: AzureState;
    readonly grants: readonly Grant[];
    readonly claimsOf: (token: string) => Claims | undefined;
  },
): { readonly status: number; readonly message: string } | undefined {
  const token = bearerToken(headers);
  if (token === undefined) {
    return { status: 401, message: "Authentication failed: a Bearer token is needed." };
  }
  const mode = valueAt(body, "properties.authMode");
  if (mode === "Key" || mode === "AMLToken") {
    const names = mode === "Key" ? ["primaryKey", "secondaryKey"] : ["token"];
    return names.some((name) => guid(id, name) === token)
      ? undefined
      : { status: 401, message: `Authentication failed: not the ${mode} of this endpoint.` };
  }
  const claims = known.claimsOf(token);
  if (claims?.aud !== audience) {
    return { status: 401, message: `Authentication failed: a token for ${audience} is needed.` };
  }
  return mayScore(known.state, known.grants, claims.oid ?? "", id)
    ? undefined
    : {
        status: 403,
        message: "The caller lacks Microsoft.MachineLearningServices onlineEndpoints/score/action.",
      };
}
