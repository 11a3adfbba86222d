import { quote } from "./display";
import { record } from "./folders";
import type { Problem } from "./problem";
import type { DataPath } from "./source";
import type { StackText } from "./stackFile";
import { at, secretProblems } from "./stackProblem";

/** Connections refer to secrets and accounts that exist. */
export function connectionProblems(text: StackText): Problem[] {
  const connections = text.settings.connections;
  if (!Array.isArray(connections)) {
    return [];
  }
  return connections.flatMap((connection: unknown, index) => {
    const { secret, type, target } = record(connection);
    const problems = secretProblems(
      text,
      ["connections", index, "secret"],
      "the connection's secret",
      secret,
    );
    if (type === "azureOpenAI" && target === undefined && text.settings.openAI === undefined) {
      problems.push(
        at(
          text,
          ["connections", index],
          "the connection has no target and the stack has no Azure OpenAI account",
          "an address, or the account under openAI",
          "add target or openAI",
        ),
      );
    }
    return problems;
  });
}

/** Azure takes names that differ in upper and lower case for one. */
export function caseProblems(text: StackText): Problem[] {
  const { connections, openAI, tags } = text.settings;
  const named = (under: DataPath, list: unknown): [DataPath, unknown][] =>
    Array.isArray(list)
      ? list.map((entry, index) => [[...under, index, "name"], record(entry).name])
      : [];
  const groups: [DataPath, unknown][][] = [
    named(["connections"], connections),
    named(["openAI", "deployments"], record(openAI).deployments),
    Object.keys(record(tags)).map((tag) => [["tags", tag], tag]),
  ];
  return groups.flatMap((group) => {
    const seen = new Map<string, string>();
    return group.flatMap(([path, name]) => {
      if (typeof name !== "string") {
        return [];
      }
      const other = seen.get(name.toLowerCase());
      seen.set(name.toLowerCase(), other ?? name);
      return other === undefined
        ? []
        : [
            at(
              text,
              path,
              `${quote(name)} is to Azure the same name as ${quote(other)} above`,
              "each name once, whatever its case",
              "rename one of the two",
              path[0] === "tags" ? "key" : "value",
            ),
          ];
    });
  });
}
