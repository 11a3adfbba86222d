import { guid } from "../ids";
import type { Json } from "../paths";
import { refuse, type Refusal } from "../rules/rule";
import { identities, type Identity } from "./identities";
import type { Stored } from "./state";
import { thing, things } from "./store";
import type { World } from "./type";

/** The provider's functions: what each answers, or why it finds nothing. */

type LookUp = (world: World, args: Json) => Json | undefined;

const lookUps: Readonly<Record<string, LookUp>> = {
  getProject: (world, { name, projectId }) => {
    const found =
      thing(world.state, "Project", projectId) ??
      things(world.state, "Project").find(({ properties }) => sameText(properties.name, name));
    return (
      found && {
        description: "",
        ...found.properties,
        id: found.id,
        projectId: found.id,
        features: found.properties.features ?? {},
      }
    );
  },
  getGitRepository: inProject("Git"),
  getEnvironment: (world, { environmentId, name, projectId }) => {
    const found =
      environmentId === undefined
        ? inProject("Environment")(world, { name, projectId })
        : withId(thing(world.state, "Environment", environmentId));
    return found && { description: "", ...found, environmentId: Number(found.id) };
  },
  getVariableGroup: (world, args) => {
    const found = inProject("VariableGroup")(world, args);
    if (!found) return undefined;
    const { keyVault, variables, ...others } = found;
    const plain = (variables as Json[]).map((variable) => ({
      contentType: "",
      enabled: true,
      expires: "",
      isSecret: keyVault !== undefined,
      value: "",
      ...variable,
      secretValue: "",
    }));
    return { description: "", ...others, keyVaults: keyVault ? [keyVault] : [], variables: plain };
  },
  getServiceEndpointAzureRM: (world, { projectId, serviceEndpointId, serviceEndpointName }) => {
    const found = things(world.state, "ServiceEndpointAzureRM").find(
      ({ id, properties }) =>
        properties.projectId === projectId &&
        (id === serviceEndpointId || sameText(properties.serviceEndpointName, serviceEndpointName)),
    );
    if (!found) return undefined;
    const { credentials: _, features: __, ...shown } = found.properties;
    const absent = [
      "azurermManagementGroupId",
      "azurermManagementGroupName",
      "azurermSubscriptionId",
      "azurermSubscriptionName",
      "resourceGroup",
    ];
    const blank = Object.fromEntries(absent.map((name) => [name, ""]));
    return { ...blank, ...shown, id: found.id, serviceEndpointId: found.id };
  },
  getPool: (world, { name }) =>
    withId(things(world.state, "Pool").find(({ properties }) => properties.name === name)),
  getAgentQueue: inProject("Queue"),
  getTeam: (world, args) => {
    const found = inProject("Team")(world, args);
    return (
      found && { description: "", ...found, ...(args.top === undefined ? {} : { top: args.top }) }
    );
  },
  getUsers: (world, { origin, originId, principalName, subjectTypes, features }) => ({
    ...given({ origin, originId, principalName, subjectTypes, features }),
    id: guid("getUsers"),
    users: [
      ...asked(subjectTypes, "aad", people(world)),
      ...asked(
        subjectTypes,
        "svc",
        identities(world).filter(({ kind }) => kind === "service"),
        false,
      ),
    ]
      .filter((one) => principalName === undefined || sameText(signInName(one), principalName))
      .filter((one) => originId === undefined || one.originId === originId)
      .map((one) => ({
        descriptor: one.descriptor,
        displayName: one.name,
        id: one.id,
        mailAddress: one.mail,
        origin: one.kind === "service" ? "vsts" : "aad",
        originId: one.originId,
        principalName: signInName(one),
      })),
  }),
  getUser: (world, { descriptor }) => {
    const one = people(world).find((person) => person.descriptor === descriptor);
    return (
      one && {
        descriptor,
        displayName: one.name,
        domain: world.azure.tenantId,
        id: one.descriptor,
        mailAddress: one.mail,
        origin: "aad",
        originId: one.originId,
        principalName: one.mail,
        subjectKind: "user",
      }
    );
  },
  getIdentityUsers: (world, { name, searchFilter }) => {
    const one = people(world).find(
      (person) => sameText(person.mail, name) || sameText(person.name, name),
    );
    return one && { ...shared(one), name, ...given({ searchFilter }) };
  },
  getIdentityGroup: (world, { name, projectId }) => {
    const one = group(world, String(name).split("\\").at(-1), projectId);
    return one && { ...shared(one), name, projectId };
  },
  getGroup: (world, { name, projectId }) => {
    const one = group(world, name, projectId);
    return (
      one && {
        descriptor: one.descriptor,
        groupId: one.id,
        id: one.descriptor,
        name,
        origin: "vsts",
        originId: one.originId,
        ...given({ projectId }),
      }
    );
  },
  getServicePrincipal: (world, { displayName }) => {
    const one = identities(world).find(
      ({ kind, name }) => kind === "servicePrincipal" && name === displayName,
    );
    return (
      one && {
        descriptor: one.descriptor,
        displayName,
        id: one.id,
        origin: "aad",
        originId: one.originId,
      }
    );
  },
  getDescriptor: (world, { storageKey }) => {
    const descriptor = thing(world.state, "Project", storageKey)
      ? `scp.${String(storageKey)}`
      : identities(world).find(({ id }) => id === storageKey)?.descriptor;
    return descriptor === undefined ? undefined : { descriptor, id: descriptor, storageKey };
  },
  getStorageKey: (world, { descriptor }) => {
    const one = identities(world).find((identity) => identity.descriptor === descriptor);
    return one && { descriptor, id: one.id, storageKey: one.id };
  },
  getClientConfig: ({ settings, azure }) => ({
    id: settings.organisation,
    name: settings.organisation.split("/").at(-1),
    organizationUrl: settings.organisation,
    ownerId: guid("owner", settings.organisation),
    status: "Enabled",
    tenantId: azure.tenantId,
  }),
};

/** Answers a function of the provider by its token. */
export function invoke(world: World, token: string, args: Json): Json | Refusal {
  const name = token.split(":").at(-1) ?? token;
  const lookUp = lookUps[name];
  if (!lookUp)
    return refuse(501, "NotSimulated", `the sandbox does not simulate the function ${token}`);
  const asked = Object.values(args)
    .map((value) => JSON.stringify(value))
    .join(", ");
  return lookUp(world, args) ?? refuse(404, "NotFound", `${name} finds nothing for ${asked}`);
}

function inProject(kind: string): LookUp {
  return (world, { name, projectId }) =>
    withId(
      things(world.state, kind).find(
        ({ properties }) => properties.projectId === projectId && sameText(properties.name, name),
      ),
    );
}

function withId(stored: Stored | undefined): Json | undefined {
  return stored && { ...stored.properties, id: stored.id };
}

function people(world: World): Identity[] {
  return identities(world).filter(({ kind }) => kind === "user");
}

/** Those of a kind, where it is asked for by name or, unless it says otherwise, by naming none. */
function asked(types: unknown, type: string, those: Identity[], byDefault = true): Identity[] {
  return (Array.isArray(types) ? types.includes(type) : byDefault) ? those : [];
}

const signInName = ({ kind, mail, originId }: Identity): string =>
  kind === "service" ? originId : mail;

function group(world: World, name: unknown, projectId: unknown): Identity | undefined {
  return identities(world).find(
    (one) => one.kind === "group" && sameText(one.name, name) && one.projectId === projectId,
  );
}

/** `descriptor` here is that of the identity service, not of the graph. */
function shared({ id, descriptor }: Identity): Json {
  return {
    id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${id}`,
    subjectDescriptor: descriptor,
  };
}

function sameText(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && a.toLowerCase() === b.toLowerCase();
}

function given(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
