import { spawn } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
// The stubs of the language protocol have no type declarations.
const languageProto = require("@pulumi/pulumi/proto/language_pb");
const languageService = require("@pulumi/pulumi/proto/language_grpc_pb");
const pluginProto = require("@pulumi/pulumi/proto/plugin_pb");

/** What the engine asks of a language host (language.proto, RunRequest); the stubs have no types. */
interface RunRequest {
  getArgsList(): string[];
  getConfigMap(): { entries(): Iterable<[string, string]> };
  getConfigsecretkeysList(): string[];
  getMonitorAddress(): string;
  getOrganization(): string;
  getProject(): string;
  getStack(): string;
  getDryrun(): boolean;
  getParallel(): number;
}

/** Options under `runtime.options` of Pulumi.yaml. */
export interface RuntimeOptions {
  readonly typescript?: boolean;
  readonly nodeargs?: string;
}

/**
 * A stand-in for the Node language host: it answers the engine's Run request by starting
 * `@pulumi/pulumi/cmd/run` as a process of its own, with the arguments and variables that the real
 * host gives it. The engine is pointed at it by `--client`.
 */
export async function startLanguageHost(options: RuntimeOptions, root: string) {
  const server = new grpc.Server();
  const runs: { exitCode: number | null; output: string; arguments: string[] }[] = [];

  server.addService(languageService.LanguageRuntimeService, {
    getRequiredPlugins: (_call: unknown, done: grpc.sendUnaryData<unknown>) =>
      done(null, new languageProto.GetRequiredPluginsResponse()),
    getPluginInfo: (_call: unknown, done: grpc.sendUnaryData<unknown>) => {
      const info = new pluginProto.PluginInfo();
      info.setVersion("1.0.0");
      done(null, info);
    },
    run: (call: grpc.ServerUnaryCall<RunRequest, unknown>, done: grpc.sendUnaryData<unknown>) => {
      const request = call.request;
      const [engineAddress = ""] = request.getArgsList();
      const config = Object.fromEntries(request.getConfigMap().entries());
      const commandLine = [
        ...(options.nodeargs?.split(" ") ?? []),
        require.resolve("@pulumi/pulumi/cmd/run"),
        `--monitor=${request.getMonitorAddress()}`,
        `--engine=${engineAddress}`,
        `--organization=${request.getOrganization()}`,
        `--project=${request.getProject()}`,
        `--root-directory=${root}`,
        `--stack=${request.getStack()}`,
        `--pwd=${root}`,
        ...(request.getDryrun() ? ["--dry-run"] : []),
        `--parallel=${request.getParallel()}`,
        ".",
      ];
      const child = spawn(process.execPath, commandLine, {
        cwd: root,
        env: {
          ...process.env,
          PULUMI_CONFIG: JSON.stringify(config),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
          PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
        },
      });
      let output = "";
      child.stdout.on("data", (text) => (output += text));
      child.stderr.on("data", (text) => (output += text));
      child.on("close", (exitCode) => {
        runs.push({ exitCode, output, arguments: commandLine });
        const response = new languageProto.RunResponse();
        // 32: the program failed after it had said why (cmd/run/index.js).
        if (exitCode === 32) response.setBail(true);
        else if (exitCode !== 0)
          response.setError(`the program exited with ${exitCode}: ${output}`);
        done(null, response);
      });
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, runs, close: () => server.forceShutdown() };
}
