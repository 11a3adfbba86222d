import { answer, refusal, type AzureResponse } from "./answer";
import { key } from "./ids";
import { isRecord, valueAt, type Json } from "./paths";
import { refuse } from "./rules/rule";
import type { Request, World } from "./world";
import { put } from "./write";

/**
 * The two views of a site's configuration that azure-native has no resource for: `config/web`, whose PATCH
 * changes what it names and nothing else (WebApps_UpdateConfiguration), and `config/appsettings`, which PUT
 * writes as a whole and only POST `list` reads (swagger WebApps.json). Undefined where the path is neither.
 */
export function siteConfigAt(
  world: World,
  method: string,
  path: string,
  request: Request,
): AzureResponse | undefined {
  const found =
    /^(.*\/Microsoft\.Web\/sites\/[^/]+(?:\/slots\/[^/]+)?)\/config\/(web|appsettings|appsettings\/list)$/i.exec(
      path,
    );
  if (!found) return undefined;
  const [, site = "", view = ""] = found;
  const body = world.state.resources[key(site)]?.body;
  if (!body)
    return refusal(refuse(404, "ResourceNotFound", `The Resource '${site}' was not found.`));
  const config = (valueAt(body, "properties.siteConfig") ?? {}) as Json;
  switch (`${method} ${view.toLowerCase()}`) {
    case "GET web":
      return answer(200, shown(path, config));
    case "PATCH web":
      return rewrite(world, site, body, request, { ...config, ...sentProperties(request) }, path);
    case "POST appsettings/list":
      return answer(200, { id: path, properties: byName(config["appSettings"]) });
    case "PUT appsettings": {
      const appSettings = Object.entries(sentProperties(request)).map(([name, value]) => ({
        name,
        value,
      }));
      return rewrite(world, site, body, request, { ...config, appSettings }, path);
    }
    default:
      return refusal(refuse(405, "MethodNotAllowed", `${method} is not allowed on ${path}.`));
  }
}

/** Application settings of a site as a map. */
export function byName(appSettings: unknown): Record<string, string> {
  const items = (Array.isArray(appSettings) ? appSettings : []) as {
    name: string;
    value: string;
  }[];
  return Object.fromEntries(items.map(({ name, value }) => [name, value]));
}

function shown(id: string, { appSettings: _, ...properties }: Json): Json {
  return { id, name: "web", type: "Microsoft.Web/sites/config", properties };
}

const sentProperties = ({ sent }: Request): Json =>
  isRecord(sent) && isRecord(sent["properties"]) ? sent["properties"] : {};

/** Every rule of a write of the whole site holds for a part of it too. */
function rewrite(
  world: World,
  site: string,
  body: Json,
  request: Request,
  siteConfig: Json,
  path: string,
): AzureResponse {
  const properties = { ...(body["properties"] as Json), siteConfig };
  const written = put(world, site, { ...request, sent: { ...body, properties } });
  return written.status >= 300 ? written : answer(200, shown(path, siteConfig));
}
