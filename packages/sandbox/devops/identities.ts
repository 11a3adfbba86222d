import { guid } from "../ids";
import { things } from "./store";
import type { World } from "./type";

/** Somebody who can be given permissions or asked for approval. */
export interface Identity {
  /** Identity id (UUID), which approvals take. */
  readonly id: string;
  /** Subject descriptor, which permissions take. */
  readonly descriptor: string;
  readonly name: string;
  readonly mail: string;
  readonly kind: "user" | "group" | "servicePrincipal" | "service";
  readonly originId: string;
  readonly projectId?: string;
}

/** Every project has these groups: learn.microsoft.com/azure/devops/organizations/security/permissions. */
const builtInGroups = ["Build Administrators", "Contributors", "Project Administrators", "Readers"];

/** Everybody in the organisation. */
export function identities(world: World): Identity[] {
  const { state, settings } = world;
  const people = settings.people.map(({ mail, name }) => person(mail, name));
  const users = things(state, "User").map(({ properties }) =>
    person(String(properties.principalName), String(properties.principalName)),
  );
  const principals = things(state, "ServicePrincipalEntitlement").map(
    ({ id, properties }): Identity => ({
      id,
      descriptor: String(properties.descriptor),
      name: String(properties.displayName),
      mail: "",
      kind: "servicePrincipal",
      originId: String(properties.originId),
    }),
  );
  const groups = things(state, "Group").map(({ properties }): Identity => ({
    ...group(String(properties.displayName), String(properties.groupId)),
    ...(properties.scope ? { projectId: String(properties.scope).replace(/^scp\./, "") } : {}),
  }));
  const projectGroups = things(state, "Project").flatMap(({ id: projectId }) =>
    builtInGroups.map((name) => ({ ...group(name, guid("group", projectId, name)), projectId })),
  );
  const services = things(state, "Project").map(({ id, properties }) =>
    buildService(id, String(properties.name), settings.organisation),
  );
  return [...people, ...users, ...principals, ...groups, ...projectGroups, ...services];
}

/**
 * Who a job's token acts as, made with its project: learn.microsoft.com/azure/devops/pipelines/process/access-tokens;
 * its name and sign-in name: microsoft/terraform-provider-azuredevops#280, #1096.
 */
function buildService(projectId: string, project: string, organisation: string): Identity {
  const id = guid("build service", projectId);
  const name = `${project} Build Service (${organisation.split("/").at(-1)})`;
  return {
    id,
    descriptor: `svc.${id}`,
    name,
    mail: "",
    kind: "service",
    originId: projectId,
    projectId,
  };
}

function person(mail: string, name: string): Identity {
  const id = guid("identity", mail);
  return { id, descriptor: `aad.${id}`, name, mail, kind: "user", originId: guid("entra", mail) };
}

function group(name: string, id: string): Identity {
  return { id, descriptor: `vssgp.${id}`, name, mail: "", kind: "group", originId: id };
}
