import { createServer, type Server } from "node:http";
import { identities } from "../../packages/sandbox/devops/identities";
import { things } from "../../packages/sandbox/devops/store";
import type { World } from "../../packages/sandbox/devops/type";
import type { Json } from "../../packages/sandbox/paths";

/** Comments on pull requests, and who may write them. */

/** A job's own token, `System.AccessToken`. */
export const ACCESS_TOKEN = "canary-access-token-51c7";

/** TF401027, "You need the Git 'PullRequestContribute' permission": microsoft/azure-devops-node-api#300. */
export function mayComment(world: World): boolean {
  const services = identities(world).flatMap(({ kind, descriptor }) =>
    kind === "service" ? [descriptor] : [],
  );
  return things(world.state, "GitPermissions").some(
    ({ properties }) =>
      services.includes(String(properties.principal)) &&
      (properties.permissions as Json).PullRequestContribute === "Allow",
  );
}

/** The part of Azure DevOps' REST that comments go to. */
export function threads(comments: string[], allowed: () => boolean): Server {
  return createServer((request, response) => {
    const body: Buffer[] = [];
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("end", () => {
      if (request.headers.authorization !== `Bearer ${ACCESS_TOKEN}`) {
        response.writeHead(401).end();
        return;
      }
      if (request.method !== "GET" && !allowed()) {
        response.writeHead(403).end();
        return;
      }
      if (request.method === "POST") {
        const sent = JSON.parse(Buffer.concat(body).toString()) as {
          comments: { content: string }[];
        };
        comments.push(...sent.comments.map(({ content }) => content));
      }
      response.writeHead(200, { "content-type": "application/json" }).end('{"value":[]}');
    });
  });
}
