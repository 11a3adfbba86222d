import { html, type Markup } from "./markup";
import { style } from "./style";

/** One HTML document that needs nothing else: no script, no address, no font. */
export function documentOf(parts: {
  readonly title: string;
  /** Stands below the title. */
  readonly introduction: Markup;
  readonly main: Markup;
}): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${parts.title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <h1>${parts.title}</h1>
          ${parts.introduction}
        </header>
        <main>${parts.main}</main>
      </body>
    </html> `.text;
}
