/** HTML that is safe to insert as it is. Only `html` and the style sheet make it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | readonly Markup[] | string | number | undefined | false;

/** A template whose inserted texts are escaped; markup made by the same template is not. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.reduce((text, piece, index) => `${text}${insert(parts[index - 1])}${piece}`),
  );
}

function insert(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map((each: Markup) => each.text).join("");
  return escapeText(String(part));
}

/** Safe inside elements and inside quoted attributes; what no document may hold becomes U+FFFD. */
function escapeText(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
