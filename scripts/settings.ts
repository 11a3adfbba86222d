import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { settingsTable, withSettings } from "../tests/docs/settings/table";

const readme = path.join(__dirname, "..", "README.md");

/** Write into the README what each setting changes in the plan. */
void settingsTable().then((parts) =>
  writeFileSync(readme, withSettings(readFileSync(readme, "utf8"), parts)),
);
