import { create, isRefusal, read, remove, update } from "../devops/devops";
import { invoke } from "../devops/lookups";
import { kindOf } from "../devops/types/table";
import type { World } from "../devops/type";
import type { Json } from "../paths";
import { refused, type Reply, type Request } from "./http";

interface Asked {
  readonly token: string;
  readonly id?: string;
  readonly inputs?: Json;
}

/** What the simulated azuredevops provider asks for: `POST /devops/<operation>` with token, id and inputs. */
const operations: Readonly<Record<string, (world: World, asked: Asked) => object | undefined>> = {
  create: (world, { token, inputs = {} }) => create(world, token, inputs),
  update: (world, { token, id = "", inputs = {} }) => update(world, token, id, inputs),
  delete: (world, { token, id = "" }) => remove(world, token, id),
  read: (world, { token, id = "" }) => {
    const outputs = read(world, token, id);
    return outputs && { id, outputs };
  },
  invoke: (world, { token, inputs = {} }) => invoke(world, token, inputs),
};

/** Answers one request; `{}` is an empty answer. */
export function answerDevOps(world: World, { url, body }: Request): Reply {
  const operation = operations[url.pathname.slice("/devops/".length)];
  if (!operation) return refused(404, "NotFound", `nothing at ${url.pathname}`);
  const asked = JSON.parse(body.toString("utf8")) as Asked;
  const answer = operation(world, asked);
  if (answer && isRefusal(answer)) {
    const { status, code, message } = answer;
    return refused(status, code, `${kindOf(asked.token)}: ${message}`);
  }
  return { status: 200, json: answer ?? {} };
}
