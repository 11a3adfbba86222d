import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CommandError } from "../exit";
import type { ConnectionValue } from "../experiment/connections";
import { findPython, managedPython } from "../experiment/python";
import { pythonEnvironment } from "../experiment/worker";
import { containerStart } from "./dockerfile";
import type { ServedArm, ServePlan } from "./plan";

/** A process that serves one arm on the port that `PORT` names. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Makes the process of an arm on a port; `folder` holds what it writes. */
export type Launcher = (arm: ServedArm, port: number, folder: string) => Launch;

const START = path.join(__dirname, "../../../images/promptflow/serve.py");

/** How the arms of a flow are started. Makes the Python environment where it is missing. */
export async function launcherOf(
  root: string,
  { experiment, flow }: ServePlan,
  connections: Readonly<Record<string, ConnectionValue>>,
  say: (text: string) => void,
): Promise<Launcher> {
  const source = path.join(root, experiment.flow);
  const requirements = path.join(source, "requirements.txt");
  const base = pythonEnvironment(path.join(root, ".genaiops", "promptflow"));
  const own = (arm: ServedArm, port: number, folder: string): NodeJS.ProcessEnv => ({
    ...base,
    TMPDIR: folder,
    PYTHONUNBUFFERED: "1",
    PROMPTFLOW_RUN_MODE: "serving",
    PROMPTFLOW_SERVING_ENGINE: "fastapi",
    ...connectionVariables(connections),
    ...(arm.variant !== undefined && { GENAIOPS_VARIANT: arm.variant }),
    ...arm.environment,
    PORT: String(port),
    HOST: "127.0.0.1",
  });
  if (experiment.kind !== "container") {
    const python = await managedPython({ root, requirements: [requirements], say });
    return (arm, port, folder) => ({
      command: python,
      args: [START],
      cwd: source,
      env: { ...own(arm, port, folder), AZUREML_MODEL_DIR: source },
    });
  }
  const start = containerStart(readFileSync(path.join(source, "Dockerfile"), "utf8"), source);
  if (start === undefined) {
    throw new CommandError(
      `${experiment.flow}/Dockerfile names no CMD and no ENTRYPOINT; add the command that serves ${flow}`,
    );
  }
  const [program = "", ...args] = start.command;
  const command = /^python3?$/.test(program)
    ? existsSync(requirements)
      ? await managedPython({ root, requirements: [requirements], say })
      : findPython().command
    : program;
  return (arm, port, folder) => ({
    command,
    args,
    cwd: source,
    env: { ...start.environment, ...own(arm, port, folder) },
  });
}

/** One variable for each connection, as the serving image takes them: the JSON of a line of `.env`. */
function connectionVariables(
  connections: Readonly<Record<string, ConnectionValue>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(connections).map(([name, value]) => {
      if (value.connection_type !== "OpenAIConnection") return [name, JSON.stringify(value)];
      const { base_url, ...rest } = value as ConnectionValue & { base_url?: string };
      return [name, JSON.stringify({ ...rest, api_type: "open_ai", api_base: base_url })];
    }),
  );
}
