import { guid } from "../ids";
import { valueAt } from "../paths";
import type { AzureState, StoredResource } from "../state";
import { bearerToken, refused, type Reply, type Request } from "./http";
import { type Grant, holdsRole } from "./principals";
import type { Claims } from "./tokens";

/**
 * Built-in roles with the data action chat/completions:
 * learn.microsoft.com/azure/ai-services/openai/how-to/role-based-access-control
 */
const users = [
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", // Cognitive Services OpenAI User
  "a001fd3d-188f-4b5b-821b-7da978bf7442", // Cognitive Services OpenAI Contributor
];

/** A server that answers chat completions as Azure OpenAI does, and the key that it takes. */
export interface AnsweringModel {
  readonly url: string;
  readonly key: string;
}

/**
 * The data plane of the Azure OpenAI accounts of the model, under `/models/<host>`: who asks needs a role on the
 * account or one of its keys, and the model deployment must exist. Then another server answers, for example a stand-in.
 */
export class Models {
  constructor(
    private readonly state: AzureState,
    private readonly settings: {
      readonly grants: readonly Grant[];
      readonly answering?: AnsweringModel;
    },
    private readonly login: (token: string) => Claims | undefined,
  ) {}

  async handle(request: Request): Promise<Reply> {
    const [, , host = "", ...rest] = request.url.pathname.split("/");
    const account = Object.values(this.state.resources).find(
      ({ token, body }) =>
        token === "azure-native:cognitiveservices:Account" &&
        hostOf(valueAt(body, "properties.endpoint")) === host,
    );
    if (!account) return refused(404, "404", `There is no account at ${host}.`);
    const key = request.headers["api-key"];
    const refusal =
      key === undefined
        ? this.refuseToken(account, bearerToken(request.headers))
        : refuseKey(account, String(key));
    if (refusal) return refusal;
    const deployment = decodeURIComponent(rest[2] ?? "");
    if (!this.state.resources[`${account.id}/deployments/${deployment}`.toLowerCase()]) {
      return refused(
        404,
        "DeploymentNotFound",
        "The API deployment for this resource does not exist.",
      );
    }
    const { answering } = this.settings;
    if (answering === undefined) {
      return refused(503, "ServiceUnavailable", "The sandbox was told no model that answers.");
    }
    const answer = await fetch(`${answering.url}/${rest.join("/")}${request.url.search}`, {
      method: request.method,
      headers: { "content-type": "application/json", "api-key": answering.key },
      body: new Uint8Array(request.body),
    });
    const headers: Record<string, string> = {};
    for (const name of ["content-type", "retry-after", "retry-after-ms"]) {
      const value = answer.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    return { status: answer.status, headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  }

  private refuseToken(account: StoredResource, token = ""): Reply | undefined {
    const claims = this.login(token);
    if (claims?.aud !== "https://cognitiveservices.azure.com") {
      return refused(
        401,
        "401",
        "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.",
      );
    }
    return holdsRole(this.state, this.settings.grants, claims.oid ?? "", users, account.id)
      ? undefined
      : refused(
          401,
          "PermissionDenied",
          `The principal \`${claims.oid}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action\` to perform \`POST /openai/deployments/{deployment-id}/chat/completions\` operation.`,
        );
  }
}

/** learn.microsoft.com/azure/ai-services/disable-local-auth, and those that the account's listKeys names. */
function refuseKey({ id, body }: StoredResource, key: string): Reply | undefined {
  if (valueAt(body, "properties.disableLocalAuth") === true) {
    return refused(
      403,
      "AuthenticationTypeDisabled",
      "Key based authentication is disabled for this resource.",
    );
  }
  return [guid(id, "key1"), guid(id, "key2")].includes(key)
    ? undefined
    : refused(
        401,
        "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
      );
}

const hostOf = (address: unknown): string =>
  typeof address === "string" && URL.canParse(address) ? new URL(address).host : "";
