import { key } from "../ids";
import { typeOf } from "../types/table";
import { refuse, type Rule } from "./rule";

/** Length, characters and uniqueness of a new resource's name; the sources stand in the table. */
export const nameProblem: Rule = ({ token, name, id, before, all, location, body }) => {
  const rule = typeOf(token).name;
  if (!rule || before) return undefined;
  if (name.length < rule.min || name.length > rule.max || !rule.pattern.test(name)) {
    return refuse(
      400,
      rule.invalidCode ?? "InvalidResourceName",
      `The name '${name}' is not valid: ${rule.min} to ${rule.max} characters, ${rule.says} (${rule.source}).`,
    );
  }
  if (!rule.unique || rule.unique === "parent") return undefined;
  const taken = all(token).some(
    (other) =>
      key(other.id) !== key(id) &&
      other.id.split("/").at(-1)?.toLowerCase() === name.toLowerCase() &&
      (rule.unique === "global" || other.body["location"] === (body["location"] ?? location)),
  );
  return taken
    ? refuse(
        409,
        rule.takenCode ?? "NameAlreadyTaken",
        `The name '${name}' is already in use${rule.unique === "region" ? ` in region ${location}` : ""}; choose another name.`,
      )
    : undefined;
};
