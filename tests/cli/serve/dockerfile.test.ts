import { readFileSync } from "node:fs";
import path from "node:path";
import { containerStart } from "../../../packages/cli/serve/dockerfile";

const folder = path.join(__dirname, "../../../flows/plain-container");
const server = path.join(folder, "server.py");

test("the plain container starts from its folder", () => {
  const text = readFileSync(path.join(folder, "Dockerfile"), "utf8");
  expect(containerStart(text, folder)).toEqual({
    command: ["python", server],
    environment: { PYTHONUNBUFFERED: "1" },
  });
});

test.each<[string, string, readonly string[] | undefined, Record<string, string>]>([
  ["the shell form", "FROM a\nCMD python server.py", ["/bin/sh", "-c", "python server.py"], {}],
  [
    "entry point and command, the whole folder copied",
    'FROM a\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["python"]\nCMD ["/app/server.py", "-x"]',
    ["python", server, "-x"],
    {},
  ],
  [
    "several files into a folder",
    'FROM a\nWORKDIR /opt\nCOPY --chown=1 server.py Dockerfile app/\nCMD ["/opt/app/server.py"]',
    [server],
    {},
  ],
  [
    "a relative path, which the folder has",
    'FROM a\nWORKDIR /app\nCOPY server.py .\nCMD ["python", "server.py"]',
    ["python", "server.py"],
    {},
  ],
  [
    "the last stage alone",
    'FROM a AS build\nENV A=1\nCOPY server.py /x.py\nFROM b\nENV B="two words" \\\n  C=3\nCOPY --from=build /x.py /x.py\nCMD ["/x.py"]',
    ["/x.py"],
    { B: "two words", C: "3" },
  ],
  ["a program of the image", 'FROM a\nCMD ["/usr/bin/env", "node"]', ["/usr/bin/env", "node"], {}],
  ["a comment is no command", 'FROM a\n# CMD ["x"]', undefined, {}],
  ["nothing", "", undefined, {}],
])("%s", (_, text, command, environment) => {
  const start = containerStart(text, folder);
  expect(start).toEqual(command && { command, environment });
});
