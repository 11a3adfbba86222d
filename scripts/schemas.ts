import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { jsonSchemas } from "../config/jsonSchemas";

/** Write the JSON Schemas of the YAML files to `schemas/`. */
const folder = path.join(__dirname, "..", "schemas");
mkdirSync(folder, { recursive: true });
for (const [file, text] of Object.entries(jsonSchemas())) {
  writeFileSync(path.join(folder, file), text);
}
