import { canonical, isRecord, same, valueAt, type Json } from "../paths";
import { refuse, type Rule } from "./rule";

/** A model's version is a positive integer: DOC/how-to-manage-models.md, CLI reference of models. */
const positiveInteger: Rule = ({ name }) =>
  /^[1-9][0-9]{0,9}$/.test(name)
    ? undefined
    : refuse(
        400,
        "UserError",
        `Version '${name}' is not valid for a model: it must be a positive integer.`,
      );

/** Registered versions are immutable, apart from these: DOC/how-to-manage-models.md, DOC/concept-data.md */
const changeable = ["tags", "description", "isArchived", "stage", "provisioningState"];

const immutable: Rule = ({ before, body, name }) => {
  if (!before) return undefined;
  const content = (value: Json): unknown => {
    const properties = valueAt(value, "properties");
    if (!isRecord(properties)) return null;
    return Object.fromEntries(
      Object.entries(properties).filter(([path]) => !changeable.includes(path)),
    );
  };
  return same(canonical(content(before)), canonical(content(body)))
    ? undefined
    : refuse(
        409,
        "Conflict",
        `Version ${name} already exists with other content; a registered version is immutable, register a new one.`,
      );
};

export const modelVersionRules: readonly Rule[] = [positiveInteger];
export const versionRules: readonly Rule[] = [immutable];
