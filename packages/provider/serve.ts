import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyChange } from "./propertyChanges";
import type { Diff, Failure, Properties, Provider } from "./protocol";
import { PartialFailure, UserError } from "./userError";

export * from "./protocol";

/**
 * Serves a resource provider until the engine ends the process; prints the port, as the plugin protocol asks. It
 * stands in for `provider.main` of `@pulumi/pulumi`, which says nothing of previews, has no property-by-property
 * diff, prints a stack trace for every error and cannot be cancelled; and it loads in a fraction of the time,
 * because it takes the protocol alone from the SDK.
 *
 *     await serve({ name: "genaiops", version: "0.1.0", check, diff, create, read, update, delete: remove, invoke });
 */
export async function serve(provider: Provider): Promise<void> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(ResourceProviderService, handlers(provider));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  process.stdout.write(`${port}\n`);
  endWithEngine();
}

/** An engine that is killed cannot tell its plugins to end; its orphans belong to another process. */
function endWithEngine(): void {
  const engine = process.ppid;
  setInterval(() => process.ppid !== engine && process.exit(0), 2000).unref();
}

/** The gRPC methods of a provider. */
function handlers(provider: Provider): grpc.UntypedServiceImplementation {
  const cancelled = new AbortController();
  const operation = (request: { getUrn(): string; getType(): string; getTimeout(): number }) => ({
    ...resource(request),
    signal: cancelled.signal,
    timeoutSeconds: request.getTimeout(),
  });
  return {
    getPluginInfo: unary(async () => new PluginInfo().setVersion(provider.version)),
    getSchema: unary(async () =>
      new rpc.GetSchemaResponse().setSchema(
        JSON.stringify({ name: provider.name, version: provider.version }),
      ),
    ),
    attach: unary(async () => new Empty()),
    cancel: unary(async () => {
      cancelled.abort();
      return new Empty();
    }),
    configure: unary(async (request: rpc.ConfigureRequest) => {
      await provider.configure?.(read(request.getArgs()));
      return new rpc.ConfigureResponse().setSupportspreview(true);
    }),
    check: unary(async (request: rpc.CheckRequest) => {
      const result = await provider.check({
        ...resource(request),
        oldInputs: read(request.getOlds()),
        inputs: read(request.getNews()),
      });
      return new rpc.CheckResponse()
        .setInputs(write(result.inputs))
        .setFailuresList(result.failures.map(failure));
    }),
    diff: unary(async (request: rpc.DiffRequest) =>
      diffResponse(
        await provider.diff({
          ...resource(request),
          id: request.getId(),
          oldInputs: read(request.getOldInputs()),
          oldOutputs: read(request.getOlds()),
          inputs: read(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    create: unary(async (request: rpc.CreateRequest) => {
      const created = await provider.create({
        ...operation(request),
        inputs: read(request.getProperties()),
        preview: request.getPreview(),
      });
      return new rpc.CreateResponse().setId(created.id).setProperties(write(created.outputs));
    }),
    read: unary(async (request: rpc.ReadRequest) => {
      const found = await provider.read({
        ...operation(request),
        id: request.getId(),
        outputs: read(request.getProperties()),
        inputs: read(request.getInputs()),
      });
      if (!found) return new rpc.ReadResponse();
      return new rpc.ReadResponse()
        .setId(found.id)
        .setProperties(write(found.outputs))
        .setInputs(write(found.inputs));
    }),
    update: unary(async (request: rpc.UpdateRequest) => {
      const updated = await provider.update({
        ...operation(request),
        id: request.getId(),
        oldInputs: read(request.getOldInputs()),
        oldOutputs: read(request.getOlds()),
        inputs: read(request.getNews()),
        preview: request.getPreview(),
      });
      return new rpc.UpdateResponse().setProperties(write(updated.outputs));
    }),
    delete: unary(async (request: rpc.DeleteRequest) => {
      await provider.delete({
        ...operation(request),
        id: request.getId(),
        inputs: read(request.getOldInputs()),
        outputs: read(request.getProperties()),
      });
      return new Empty();
    }),
    invoke: unary(async (request: rpc.InvokeRequest) => {
      const result = await provider.invoke({
        token: request.getTok(),
        args: read(request.getArgs()),
        preview: request.getPreview(),
        signal: cancelled.signal,
      });
      return new rpc.InvokeResponse()
        .setReturn(write(result.outputs))
        .setFailuresList((result.failures ?? []).map(failure));
    }),
  };
}

function unary<Message, Answer>(answer: (request: Message) => Promise<Answer>) {
  return (
    call: grpc.ServerUnaryCall<Message, Answer>,
    callback: grpc.sendUnaryData<Answer>,
  ): void => {
    answer(call.request).then(
      (value) => callback(null, value),
      (error) => callback(serviceError(error)),
    );
  };
}

/**
 * What a user can mend carries its message alone, with a status that tells the engine that the state of the
 * resource is known; a fault of ours carries its stack.
 */
function serviceError(error: unknown): {
  code: grpc.status;
  details: string;
  metadata?: grpc.Metadata;
} {
  if (error instanceof PartialFailure) {
    const { message: details } = error;
    return { code: grpc.status.UNKNOWN, details, metadata: partialState(error) };
  }
  if (error instanceof UserError) {
    return { code: grpc.status.FAILED_PRECONDITION, details: error.message };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: grpc.status.UNKNOWN, details: text };
}

/** How the plugin protocol hands over the state of a half-made resource (provider.proto, ErrorResourceInitFailed). */
function partialState({ message, live }: PartialFailure): grpc.Metadata {
  const failed = new rpc.ErrorResourceInitFailed()
    .setId(live.id)
    .setProperties(write(live.outputs))
    .setInputs(write(live.inputs))
    .setReasonsList([message]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status()
    .setCode(grpc.status.UNKNOWN)
    .setMessage(message)
    .setDetailsList([detail]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}

function diffResponse(diff: Diff): rpc.DiffResponse {
  const { DiffChanges } = rpc.DiffResponse;
  const entries = Object.entries(diff.changes);
  const response = new rpc.DiffResponse()
    .setChanges(entries.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
    .setDiffsList(topLevel(entries.map(([path]) => path)))
    .setReplacesList(topLevel(entries.filter(([, change]) => change.replace).map(([path]) => path)))
    .setDeletebeforereplace(diff.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(true);
  for (const [path, change] of entries) {
    response.getDetaileddiffMap().set(path, new rpc.PropertyDiff().setKind(diffKind(change)));
  }
  return response;
}

function diffKind({ kind, replace }: PropertyChange) {
  const { Kind } = rpc.PropertyDiff;
  if (kind === "add") return replace ? Kind.ADD_REPLACE : Kind.ADD;
  if (kind === "delete") return replace ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replace ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

const topLevel = (paths: string[]) => [...new Set(paths.map((path) => path.split(/[.[]/)[0]!))];

const resource = (request: { getUrn(): string; getType(): string }) => ({
  urn: request.getUrn(),
  type: request.getType(),
});

const failure = ({ property, reason }: Failure) =>
  new rpc.CheckFailure().setProperty(property).setReason(reason);

const read = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};

/** JSON drops what is undefined, which the protocol cannot hold. */
const write = (properties: Properties): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
