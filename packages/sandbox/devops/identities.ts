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
  readonly kind: "user" | "group" | "servicePrincipal";
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
  return [...people, ...users, ...principals, ...groups, ...projectGroups];
}

function person(mail: string, name: string): Identity {
  const id = guid("identity", mail);
  return { id, descriptor: `aad.${id}`, name, mail, kind: "user", originId: guid("entra", mail) };
}

function group(name: string, id: string): Identity {
  return { id, descriptor: `vssgp.${id}`, name, mail: "", kind: "group", originId: id };
}
