import { key, parentId } from "../ids";
import { isRecord, same, valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/** learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const limit = 20;

const siblings: (facts: Parameters<Rule>[0]) => ReturnType<Parameters<Rule>[0]["all"]> = ({
  id,
  token,
  all,
}) =>
  all(token).filter(
    (other) => key(parentId(other.id)) === key(parentId(id)) && key(other.id) !== key(id),
  );

const twentyAtMost: Rule = (facts) =>
  siblings(facts).length < limit
    ? undefined
    : refuse(
        400,
        "TooManyFederatedIdentityCredentials",
        `An identity takes at most ${limit} federated identity credentials.`,
      );

/** Issuer and subject together name one credential of an identity. */
const onePerSubject: Rule = (facts) => {
  const trust = (body: unknown): unknown => [
    valueAt(body, "properties.issuer"),
    valueAt(body, "properties.subject"),
  ];
  const twin = siblings(facts).find((other) => same(trust(other.body), trust(facts.body)));
  return (
    twin &&
    refuse(
      409,
      "Conflict",
      `Issuer and subject are already trusted by '${twin.id.split("/").at(-1)}'.`,
    )
  );
};

/** One audience: same page, "audience". */
const oneAudience: Rule = ({ body }) => {
  const properties = isRecord(body["properties"]) ? body["properties"] : {};
  const audiences = properties["audiences"];
  return Array.isArray(audiences) && audiences.length === 1
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `A federated identity credential takes exactly one audience, found ${JSON.stringify(audiences)}.`,
      );
};

export const federatedCredentialRules: readonly Rule[] = [twentyAtMost, onePerSubject, oneAudience];
