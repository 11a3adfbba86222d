import { PipelineError } from "./value";

/** One input as its page documents it. */
interface Input {
  readonly aliases?: readonly string[];
  readonly values?: readonly string[];
  /** Always, or where another input has the value. */
  readonly required?: true | { readonly input: string; readonly is: string };
  readonly default?: string;
}

interface Task {
  readonly page: string;
  readonly inputs: Readonly<Record<string, Input>>;
}

const reference = "learn.microsoft.com/azure/devops/pipelines/tasks/reference";
const flag: Input = { values: ["true", "false"] };

/** The tasks that our pipelines use, with every input that their pages name. */
const tasks: Readonly<Record<string, Task>> = {
  "AzureCLI@2": {
    page: `${reference}/azure-cli-v2`,
    inputs: {
      azureSubscription: { aliases: ["connectedServiceNameARM"], required: true },
      scriptType: { values: ["ps", "pscore", "batch", "bash"], required: true },
      scriptLocation: { values: ["inlineScript", "scriptPath"], default: "scriptPath" },
      scriptPath: { required: { input: "scriptLocation", is: "scriptPath" } },
      inlineScript: { required: { input: "scriptLocation", is: "inlineScript" } },
      arguments: { aliases: ["scriptArguments"] },
      powerShellErrorActionPreference: { values: ["stop", "continue", "silentlyContinue"] },
      addSpnToEnvironment: flag,
      useGlobalConfig: flag,
      workingDirectory: { aliases: ["cwd"] },
      failOnStandardError: flag,
      powerShellIgnoreLASTEXITCODE: flag,
      visibleAzLogin: flag,
    },
  },
  "NodeTool@0": {
    page: `${reference}/node-tool-v0`,
    inputs: {
      versionSource: { values: ["spec", "fromFile"], default: "spec" },
      versionSpec: { default: "6.x" },
      versionFilePath: {},
      checkLatest: flag,
      force32bit: flag,
      nodejsMirror: {},
      retryCountOnDownloadFails: {},
      delayBetweenRetries: {},
    },
  },
  "PublishPipelineArtifact@1": {
    page: `${reference}/publish-pipeline-artifact-v1`,
    inputs: {
      targetPath: { aliases: ["path"], required: true },
      artifact: { aliases: ["artifactName"] },
      publishLocation: {
        aliases: ["artifactType"],
        values: ["pipeline", "filepath"],
        default: "pipeline",
      },
      fileSharePath: { required: { input: "publishLocation", is: "filepath" } },
      parallel: flag,
      parallelCount: {},
      properties: {},
    },
  },
};

export type TaskInputs = Readonly<Record<string, string>>;

/** The inputs under their documented names with defaults; an unknown, missing or wrong one is an error. */
export function taskInputs(name: string, given: TaskInputs): TaskInputs {
  const task = tasks[name];
  if (!task)
    throw new PipelineError(
      `task ${name} is not known; known are ${Object.keys(tasks).join(", ")}`,
    );
  const problems: string[] = [];
  const inputs: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    const found = Object.entries(task.inputs).find(([own, { aliases = [] }]) =>
      [own, ...aliases].some((one) => one.toLowerCase() === key.toLowerCase()),
    );
    if (found) inputs[found[0]] = value;
    else problems.push(`has no input ${key}`);
  }
  for (const [key, input] of Object.entries(task.inputs))
    if (inputs[key] === undefined && input.default !== undefined) inputs[key] = input.default;
  for (const [key, { values, required }] of Object.entries(task.inputs)) {
    const value = inputs[key];
    const asked = required === true || (required && inputs[required.input] === required.is);
    if (asked && (value === undefined || value === "")) problems.push(`needs the input ${key}`);
    if (value !== undefined && values && !values.includes(value))
      problems.push(`takes ${key} of ${values.join(", ")}, not ${value}`);
  }
  if (problems.length > 0)
    throw new PipelineError(`task ${name} ${problems.join("; ")} (${task.page})`);
  return inputs;
}
