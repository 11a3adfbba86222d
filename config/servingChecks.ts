import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { quote } from "./display";
import { baseImageProblems, instructionsOf, type Instruction } from "./dockerfile";
import { record } from "./folders";
import type { Dag } from "./folders";
import type { Fault, Problem } from "./problem";
import type { ExperimentReading } from "./readExperiment";
import { parseYaml } from "./source";
import { orListing } from "./suggest";

/** Port that every flow's container listens on. */
const PORT = "8080";

/** Route that the probes of every target ask. */
const HEALTH = "/health";

/**
 * What can be seen of the serving contract without an image: the request that each arm is tested with fits the
 * flow, and a container's Dockerfile names no other port, no other route for its health, and its base images by digest.
 */
export function servingProblems(
  root: string,
  flow: string,
  { experiment, dag }: Pick<ExperimentReading, "experiment" | "dag">,
): Problem[] {
  return [
    ...sampleProblems(root, `flows/${flow}/sample-request.json`, dag),
    ...(experiment?.kind === "container"
      ? [
          ...contractProblems(root, `${experiment.flow}/Dockerfile`),
          ...baseImageProblems(root, `${experiment.flow}/Dockerfile`),
        ]
      : []),
  ];
}

const SAMPLE = "the JSON object that POST /score gets, which every deployed arm is tested with";

function sampleProblems(root: string, file: string, dag: Dag | undefined): Problem[] {
  const absolute = path.join(root, file);
  if (!existsSync(absolute)) {
    const found = "the file is missing";
    return [parseYaml(file, "").problem([], { found, allowed: SAMPLE, mend: "write one" })];
  }
  const text = readFileSync(absolute, "utf8").replace(/^\uFEFF/, "");
  let sample: unknown;
  try {
    sample = JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    return [{ ...placeIn(text, message), file, path: "", ...noJson(message) }];
  }
  // JSON is YAML, and the reader of YAML knows where each key stands.
  const located = parseYaml(file, text);
  if (typeof sample !== "object" || sample === null || Array.isArray(sample)) {
    const found = "the file holds no JSON object";
    return [located.problem([], { found, allowed: SAMPLE, mend: 'write {"<input>": …}' })];
  }
  if (dag === undefined || dag.problems.length > 0) {
    return [];
  }
  const given = Object.keys(record(sample));
  const inputs = dag.inputs.join(", ");
  return [
    ...given
      .filter((key) => !dag.inputs.includes(key))
      .map((key) =>
        located.problem(
          [key],
          {
            found: `${dag.file.file} has no input ${quote(key)}`,
            allowed: `its inputs are ${inputs}`,
            mend: orListing(key, dag.inputs, "remove the key"),
          },
          "key",
        ),
      ),
    ...dag.required
      .filter((input) => !given.includes(input))
      .map((input) =>
        located.problem([], {
          found: `the request lacks the input ${quote(input)}`,
          allowed: `every input of ${dag.file.file} without a default`,
          mend: "add it",
        }),
      ),
  ];
}

function noJson(message: string): Pick<Problem, "found" | "allowed" | "mend"> {
  return {
    found: `the file is no JSON: ${message.replace(/ (in JSON )?at position.*$/s, "")}`,
    allowed: SAMPLE,
    mend: "correct it",
  };
}

/** The place that the parser names; the end of the text where it names none. */
function placeIn(text: string, message: string): Pick<Problem, "line" | "column"> {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, position).split("\n");
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

/** What a Dockerfile says of the port, and of where its health is asked. */
function contractProblems(root: string, file: string): Problem[] {
  const instructions = instructionsOf(readFileSync(path.join(root, file), "utf8"));
  const found = [...portFaults(instructions), ...probeFaults(instructions)];
  return found.map(({ line, ...fault }) => ({ file, line, column: 1, path: "", ...fault }));
}

type LineFault = Fault & Pick<Problem, "line">;

function portFaults(instructions: readonly Instruction[]): LineFault[] {
  const exposed = instructions.flatMap(({ text, line }) => {
    const ports = /^\s*EXPOSE\s+(.*)$/i.exec(text)?.[1]?.split(/\s+/) ?? [];
    return ports.map((port) => ({ port: port.replace(/\/tcp$/, ""), line }));
  });
  const [first] = exposed;
  return first === undefined || exposed.some(({ port }) => port === PORT)
    ? []
    : [
        {
          line: first.line,
          found: `the container listens on ${exposed.map(({ port }) => port).join(", ")}`,
          allowed: `POST /score and GET ${HEALTH} on port ${PORT}`,
          mend: `listen on ${PORT} and write EXPOSE ${PORT}`,
        },
      ];
}

/** Where an image says how its health is asked, that must be what the probes of every target ask. */
function probeFaults(instructions: readonly Instruction[]): LineFault[] {
  return instructions.flatMap(({ text, line }) => {
    const asked = /^\s*HEALTHCHECK\b.*?https?:\/\/[^\s:/"']+(?::(\d+))?(\/[^\s"'|)\],]*)?/i.exec(
      text,
    );
    if (asked === null) return [];
    const [, port = "80", route = "/"] = asked;
    return port === PORT && route === HEALTH
      ? []
      : [
          {
            line,
            found: `the container's health is asked at ${route} on port ${port}`,
            allowed: `GET ${HEALTH} on port ${PORT}, which the probes of every target ask`,
            mend: `answer there, and ask http://127.0.0.1:${PORT}${HEALTH}`,
          },
        ];
  });
}
