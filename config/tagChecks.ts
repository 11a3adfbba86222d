import { holdsSecret, looksLikeKey } from "./display";
import { record } from "./folders";
import type { Problem } from "./problem";
import type { DataPath } from "./source";
import type { StackText } from "./stackFile";
import { at } from "./stackProblem";

/** Names that every resource carries already, whatever the settings say; Azure knows no case in them. */
const PLATFORM_TAGS = ["project", "environment", "flow"];

/** Tags that the platform would overwrite, and secrets in what everybody may read. */
export function tagProblems(stack: string, text: StackText): Problem[] {
  const { tags, devops } = text.settings;
  return [
    ...Object.entries(record(tags)).flatMap(([name, value]) =>
      PLATFORM_TAGS.includes(name.toLowerCase()) && !(name === "environment" && value === stack)
        ? [
            at(
              text,
              ["tags", name],
              `the tag ${name}`,
              "the platform sets project, environment and flow itself",
              "take it out, or name yours otherwise",
              "key",
            ),
          ]
        : [],
    ),
    // A tag's name proves nothing: `project-key` is a word of many a tracker.
    ...openSecrets(text, ["tags"], "tag", tags, (_name, value) => looksLikeKey(value)),
    ...openSecrets(
      text,
      ["devops", "variables"],
      "variable",
      record(devops).variables,
      holdsSecret,
    ),
  ];
}

/** learn.microsoft.com/azure/azure-resource-manager/management/tag-resources: tags are stored as plain text. */
function openSecrets(
  text: StackText,
  under: DataPath,
  what: string,
  values: unknown,
  isSecret: (name: string, value: string) => boolean,
): Problem[] {
  return Object.entries(record(values)).flatMap(([name, value]) =>
    typeof value === "string" && isSecret(name, value)
      ? [
          at(
            text,
            [...under, name],
            `the ${what} ${name} holds what looks like a secret`,
            `no secret stands in a file, and whoever may read the ${what} reads it`,
            "take it out and renew it",
          ),
        ]
      : [],
  );
}
