/**
 * Whether a pattern of `--target` or `--exclude` fits a URN: `**` is anything and `*` anything but a colon
 * (pulumi/pulumi, pkg/resource/deploy/deployment.go).
 */
export function matchesUrn(pattern: string, urn: string): boolean {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^:]*" : part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`).test(urn);
}
