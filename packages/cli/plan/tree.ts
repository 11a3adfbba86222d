import type { Plan, PlannedResource } from "./model";

export function renderTree(plan: Plan): string {
  const children = new Map<string | null, PlannedResource[]>();
  for (const resource of plan.resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const lines: string[] = [];
  const walk = (parent: string | null, indent: string): void => {
    for (const resource of children.get(parent) ?? []) {
      lines.push(`${indent}${resource.type} ${resource.name}`);
      walk(resource.urn, `${indent}  `);
    }
  };
  walk(null, "");
  return `${lines.join("\n")}\n`;
}
