import { visible } from "../../../config/display";
import { changeLines, changeSummary } from "./changes";
import type { Comparison, ResourceChange } from "./compare";
import type { Branch, Facts, FlowFacts } from "./facts";
import { headline } from "./headlines";
import { ROLE_ASSIGNMENT } from "./roles";
import { summary } from "./summary";
import { bar, counted, firstOf, themeFor } from "./text";

/** GitHub and Azure DevOps cut a comment at 65,536 and 150,000 characters; rows beyond these are counted. */
const MOST_ROWS = 200;

export interface MarkdownOptions {
  readonly flow?: string;
  readonly comparison?: Comparison;
}

/** The plan as a comment of a pull request: what changes first, the rest folded away. */
export function renderMarkdown(facts: Facts, { flow, comparison }: MarkdownOptions = {}): string {
  const flows = flow === undefined ? facts.flows : facts.flows.filter(({ name }) => name === flow);
  const settings = facts.environment?.settings;
  const parts = [
    `### Plan of \`${facts.stack}\``,
    ...(facts.refused ?? []).map((refusal) => `> ❌ ${escape(refusal)}`),
    summary(facts),
    ...(settings
      ? [
          `Network ${settings.network} · protection ${settings.protect ? "on" : "off"} · ${limitText(facts)}`,
        ]
      : []),
    ...(comparison ? [`**${changeSummary(comparison)}**`, diff(comparison)] : []),
    ...facts.notices.map((notice) => `> ⚠️ ${escape(notice)}`),
    ...flowTable(flows),
    ...details(
      `Roles (${facts.roles.length})`,
      table(["Who", "Role", "On"], facts.roles.map(roleRow)),
    ),
    ...(facts.rolesToGrant.length === 0
      ? []
      : details(
          `Roles that somebody else must grant (${facts.rolesToGrant.length})`,
          table(["Who", "Role", "On"], facts.rolesToGrant.map(roleRow)),
        )),
    ...branchTable("Platform", facts.platform),
    ...branchTable("Azure DevOps", facts.devOps),
  ];
  return `${parts.join("\n\n")}\n`;
}

function diff(comparison: Comparison): string {
  const { shown, more } = firstOf(
    changeLines(gravestFirst(comparison), themeFor(false)),
    MOST_ROWS,
  );
  // GitHub colours lines by their first character; it knows + and -, and ! for all else.
  const lines = shown.map((line) => line.replace(/^[~±]/, "!"));
  const longest = Math.max(2, ...(lines.join("\n").match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return [
    `${fence}diff`,
    ...lines,
    ...(more > 0 ? [`… and ${counted(more, "more line")}`] : []),
    fence,
  ].join("\n");
}

/** What is lost and who gets rights stands first: many harmless lines must not push it off the page. */
function gravestFirst(comparison: Comparison): Comparison {
  const isGrave = ({ kind, type }: ResourceChange) =>
    kind === "delete" || kind === "replace" || type === ROLE_ASSIGNMENT;
  const { changes } = comparison;
  return {
    ...comparison,
    changes: [...changes.filter(isGrave), ...changes.filter((change) => !isGrave(change))],
  };
}

function limitText({ limits }: Facts): string {
  return limits
    .map(({ what, count, limit }) => `${count > limit ? "❌ " : ""}${what} ${count} of ${limit}`)
    .join(" · ");
}

function flowTable(flows: readonly FlowFacts[]): string[] {
  if (flows.length === 0) return [];
  const { shown, more } = firstOf(flows, MOST_ROWS / 4);
  const rows = shown.flatMap(({ name, target, arms, mirror, scale }) => [
    ...arms.map((arm, index) => [
      index === 0 ? `**${plain(name)}**` : "",
      index === 0
        ? plain([target ?? "", ...(scale?.rules ?? []), ...(scale?.periods ?? [])].join("; "))
        : "",
      code(arm.name),
      `${bar(arm.weight, 10)} ${arm.weight} %${mirror?.arm === arm.name ? ` (mirror ${mirror.percent} %)` : ""}`,
      ...[arm.version, arm.variant ?? "", arm.instance, arm.image].map(plain),
    ]),
  ]);
  const head = ["Flow", "Target", "Arm", "Weight", "Version", "Variant", "Instance", "Image"];
  return [table(head, rows), ...(more > 0 ? [`… and ${counted(more, "more flow")}`] : [])];
}

function branchTable(title: string, branches: readonly Branch[]): string[] {
  if (branches.length === 0) return [];
  return details(title, table(["Resource", "Type", "What"], rowsOf(branches, 0)));
}

function rowsOf(branches: readonly Branch[], depth: number): string[][] {
  return branches.flatMap(({ resource, custom, children }) => [
    [
      `${"&nbsp;&nbsp;".repeat(depth)}${plain(resource.name)}`,
      custom ? code(resource.type) : "",
      custom
        ? plain([...headline(resource), ...(resource.protect ? ["protected"] : [])].join(" · "))
        : "",
    ],
    ...rowsOf(children, depth + 1),
  ]);
}

function roleRow({ principal, role, scope }: Facts["roles"][number]): string[] {
  return [principal, role, scope].map(plain);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const { shown, more } = firstOf(rows, MOST_ROWS);
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  return [
    line(head),
    line(head.map(() => "---")),
    ...shown.map(line),
    ...(more > 0
      ? [line([`… and ${counted(more, "more row")}`, ...head.slice(1).map(() => "")])]
      : []),
  ].join("\n");
}

function details(title: string, body: string): string[] {
  return [`<details><summary>${title}</summary>\n\n${body}\n\n</details>`];
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Text as text: no mark-up of a page and none of HTML. */
function plain(text: string): string {
  return escape(visible(text).replace(/[\\`*~[\]]/g, "\\$&"));
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;" })[sign] ?? "&gt;");
}
