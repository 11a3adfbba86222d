import type { Comparison } from "./compare";
import { changeLines, changeSummary } from "./changes";
import type { Branch, Facts, FlowFacts } from "./facts";
import { headline } from "./headlines";
import type { GrantedRole } from "./roles";
import { summary } from "./summary";
import { bar, columns, counted, firstOf, themeFor, type Theme } from "./text";

export interface TreeOptions {
  readonly colors?: boolean;
  /** Show this flow in full and no other. */
  readonly flow?: string;
  readonly comparison?: Comparison;
}

/** More flows than these are listed in a line each, and more lines than these are counted. */
const IN_FULL = 5;
const IN_LINES = 20;

/** The plan for a terminal. */
export function renderTree(facts: Facts, options: TreeOptions = {}): string {
  const theme = themeFor(options.colors ?? false);
  const { comparison } = options;
  const sections = [
    [heading(facts, theme)],
    branchLines("Platform", facts.platform, theme),
    branchLines("Azure DevOps", facts.devOps, theme),
    flowLines(facts.flows, options.flow, theme),
    roleLines("Roles", facts.roles, theme),
    roleLines("Roles that somebody else must grant", facts.rolesToGrant, theme),
    facts.notices.length === 0
      ? []
      : [
          theme.bold("Notices"),
          ...facts.notices.map((notice) => `  ${theme.yellow("!")} ${notice}`),
        ],
    comparison ? [theme.bold("Changes"), ...changeLines(comparison, theme).map(indent)] : [],
    limitLines(facts, theme),
    [theme.bold(summary(facts)), ...(comparison ? [changeSummary(comparison)] : [])],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function heading({ stack, project, environment, counts }: Facts, { bold, dim }: Theme): string {
  const settings = environment?.settings;
  const words = [
    project,
    ...(environment ? [environment.location] : []),
    ...(settings
      ? [`network ${settings.network}`, `protection ${settings.protect ? "on" : "off"}`]
      : []),
    ...(counts.secrets > 0 ? [`${counted(counts.secrets, "secret")} masked`] : []),
  ];
  return `${bold(stack)}  ${dim(words.join(" · "))}`;
}

function branchLines(title: string, branches: readonly Branch[], theme: Theme): string[] {
  const rows: string[][] = [];
  const walk = (siblings: readonly Branch[], depth: number): void => {
    for (const group of groupByType(siblings)) {
      const { shown, more } = firstOf(group, IN_LINES);
      for (const { resource, custom, children } of shown) {
        const name = `${"  ".repeat(depth)}${resource.name}`;
        const flags = resource.protect ? ["protected"] : [];
        rows.push(
          custom
            ? [name, kindOf(resource.type), [...headline(resource), ...flags].join(" · ")]
            : [name],
        );
        walk(children, depth + 1);
      }
      if (more > 0) {
        const kind = kindOf((group[0] as Branch).resource.type);
        rows.push([`${"  ".repeat(depth)}… and ${counted(more, `more ${kind}`, `more ${kind}`)}`]);
      }
    }
  };
  walk(branches, 1);
  return rows.length === 0 ? [] : [theme.bold(title), ...columns(rows, [undefined, theme.cyan])];
}

/** Siblings of one type stand together, in the order of the first of each. */
function groupByType(siblings: readonly Branch[]): Branch[][] {
  const groups = new Map<string, Branch[]>();
  for (const branch of siblings) {
    const group = groups.get(branch.resource.type);
    if (group) group.push(branch);
    else groups.set(branch.resource.type, [branch]);
  }
  return [...groups.values()];
}

function flowLines(flows: readonly FlowFacts[], only: string | undefined, theme: Theme): string[] {
  const wanted = only === undefined ? flows : flows.filter(({ name }) => name === only);
  if (wanted.length === 0) return [];
  const title = theme.bold(only === undefined ? "Flows" : `Flow ${only}`);
  if (wanted.length <= IN_FULL)
    return [title, ...wanted.flatMap((flow) => flowInFull(flow, theme))];
  const { shown, more } = firstOf(wanted, IN_LINES);
  const rows = shown.map(({ name, target, arms, mirror }) => [
    `  ${name}`,
    target ?? "",
    arms.map((arm) => `${arm.name} ${arm.weight} %`).join(", "),
    mirror ? `mirror ${mirror.percent} % to ${mirror.arm}` : "",
  ]);
  const rest = more === 0 ? [] : [`  … and ${counted(more, "more flow")}`];
  return [title, ...columns(rows), ...rest, theme.dim("  --flow <name> shows one in full")];
}

function flowInFull(
  { name, target, endpoint, arms, mirror, scale, others }: FlowFacts,
  theme: Theme,
): string[] {
  const words = [
    ...(target ? [target] : []),
    ...headline(endpoint),
    ...(endpoint.protect ? ["protected"] : []),
  ];
  const armRows = arms.map((arm) => [
    `    ${arm.name}`,
    bar(arm.weight),
    `${arm.weight} %`.padStart(5),
    `version ${arm.version}`,
    arm.variant === undefined ? "" : `variant ${arm.variant}`,
    arm.instance,
    arm.image,
  ]);
  const otherRows = others.map((other) => [
    `    ${other.name}`,
    kindOf(other.type),
    headline(other).join(" · "),
  ]);
  return [
    `  ${theme.bold(name)}  ${words.join(" · ")}`,
    ...columns(armRows, [theme.green, theme.green]),
    ...(mirror
      ? [`    mirror: ${mirror.percent} % of the requests are copied to ${mirror.arm}`]
      : []),
    ...(scale ? [`    scale: ${scale.rules.join(", ")}`] : []),
    ...(scale?.periods ?? []).map((period) => `    instances by schedule: ${period}`),
    ...columns(otherRows, [theme.dim, theme.dim, theme.dim]),
  ];
}

function roleLines(title: string, roles: readonly GrantedRole[], theme: Theme): string[] {
  if (roles.length === 0) return [];
  const { shown, more } = firstOf(roles, roles.length > 5 * IN_LINES ? IN_LINES : roles.length);
  let last = "";
  const rows = shown.map(({ principal, role, scope }) => {
    const who = principal === last ? "" : principal;
    last = principal;
    return [`  ${who}`, role, `on ${scope}`];
  });
  const rest = more === 0 ? [] : [`  … and ${counted(more, "more role")}`];
  return [
    theme.bold(`${title} (${roles.length})`),
    ...columns(rows, [undefined, theme.cyan]),
    ...rest,
  ];
}

function limitLines({ limits }: Facts, { red, bold }: Theme): string[] {
  if (limits.length === 0) return [];
  const words = limits.map(({ what, count, limit }) => {
    const text = `${what} ${count} of ${limit}`;
    return count > limit ? red(text) : text;
  });
  return [`${bold("Limits")}  ${words.join(" · ")}`];
}

/** The last part of a token: `Vault` of `azure-native:keyvault:Vault`. */
function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

function indent(line: string): string {
  return `  ${line}`;
}
