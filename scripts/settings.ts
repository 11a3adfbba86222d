import { writeFileSync } from "node:fs";
import path from "node:path";
import { settingsDocument, settingsTable } from "../tests/docs/settings/table";

/** Write docs/settings.md from what each setting changes in the plan. */
void settingsTable().then((parts) =>
  writeFileSync(path.join(__dirname, "..", "docs", "settings.md"), settingsDocument(parts)),
);
