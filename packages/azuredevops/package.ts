import { version } from "./package.json";

/** The release of the public package whose names and types this one carries. */
export const packageVersion: string = version;

/** Which plugin serves a request, unless the caller's options say otherwise. */
export function requestDefaults(): { version: string } {
  return { version: packageVersion };
}
