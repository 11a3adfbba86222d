import {
  assignment,
  Caller,
  endpoint,
  endpointRoles,
  foundation,
  group,
  groupId,
  identity,
  identityId,
  idOf,
  location,
  ml,
  native,
  principalOf,
  said,
  storage,
  vault,
  withWorkspace,
  workspace,
  workspaceId,
  workspaceRoles,
} from "./support";

const token = native("authorization:RoleAssignment");
const nobody = "99999999-9999-4999-8999-999999999999";

function ready(): [Caller, string] {
  const caller = foundation();
  return [caller, principalOf(caller, "id-ws")];
}

test("a role assignment names a GUID, a principal that exists, and its type", () => {
  const [caller, principal] = ready();
  const good = assignment("Contributor", principal, groupId);
  expect(said(caller.put(token, { ...good, roleAssignmentName: "contributor" }))).toBe(
    "400 InvalidRoleAssignmentId: The role assignment ID 'contributor' is not valid. The role assignment ID must be a GUID.",
  );
  expect(said(caller.put(token, { ...good, principalId: nobody }))).toBe(
    `400 PrincipalNotFound: Principal ${nobody} does not exist in the directory 00000000-0000-0000-0000-00000000000a.`,
  );
  expect(said(caller.put(token, { ...good, principalType: "User" }))).toMatch(
    /^400 UnmatchedPrincipalType: /,
  );
  expect(said(caller.put(token, { ...good, roleDefinitionId: "Contributor" }))).toMatch(
    /^400 InvalidRoleDefinitionId: /,
  );
  expect(
    said(
      caller.put(token, {
        ...good,
        scope: idOf(native("keyvault:Vault"), vault({ vaultName: "kv-none" })),
      }),
    ),
  ).toMatch(/^404 ResourceNotFound: /);
  expect(said(caller.put(token, good))).toBe("201");
  expect(said(caller.put(token, good))).toBe("200");
});

test("a principal that the settings declare exists, as user", () => {
  const caller = new Caller({ principals: [nobody] });
  caller.make(native("resources:ResourceGroup"), { ...group, location });
  expect(
    said(caller.put(token, { ...assignment("Owner", nobody, groupId), principalType: "User" })),
  ).toBe("201");
});

test("one assignment for a principal, role and scope; what it says is fixed", () => {
  const [caller, principal] = ready();
  const good = assignment("Contributor", principal, groupId);
  caller.make(token, good);
  const name = String(good["roleAssignmentName"]);
  expect(said(caller.put(token, { ...good, roleAssignmentName: nobody }))).toBe(
    `409 RoleAssignmentExists: The role assignment already exists. The ID of the existing role assignment is ${name}.`,
  );
  expect(said(caller.put(token, { ...good, principalId: principalOf(caller, "id-chat") }))).toMatch(
    /^400 RoleAssignmentUpdateNotPermitted: /,
  );
  expect(
    said(
      caller.put(token, { ...assignment("Owner", principal, groupId), roleAssignmentName: name }),
    ),
  ).toMatch(/^400 RoleAssignmentUpdateNotPermitted: /);
  const vaultId = idOf(native("keyvault:Vault"), vault());
  expect(said(caller.put(token, { ...good, scope: vaultId }))).toBe(
    "400 RoleAssignmentUpdateNotPermitted: Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
  );
});

test("a subscription takes so many role assignments", () => {
  const [caller, principal] = ready();
  (caller.azure as { settings: unknown }).settings = { quotas: { roleAssignments: 1 } };
  caller.grant("Owner", principal, groupId);
  expect(said(caller.put(token, assignment("Contributor", principal, groupId)))).toBe(
    "400 RoleAssignmentLimitExceeded: The role assignment limit for the subscription (1) is exceeded; remove role assignments.",
  );
});

test.each(workspaceRoles)("a workspace whose identity lacks %s is refused", (role, scope) => {
  const [caller, principal] = ready();
  for (const [other, otherScope] of workspaceRoles)
    if (other !== role) caller.grant(other, principal, otherScope);
  expect(said(caller.put(ml("Workspace"), workspace()))).toBe(
    `400 FailedIdentityOperation: The identity '${identityId("id-ws")}' lacks roles that the workspace needs while it is created: ${role} on ${scope}.`,
  );
  caller.grant(role, principal, scope);
  expect(said(caller.put(ml("Workspace"), workspace()))).toBe("201");
});

test("a managed network needs the approver; a vault with access policies needs no role", () => {
  const [caller, principal] = ready();
  const policies = { enableRbacAuthorization: false, accessPolicies: [] };
  caller.make(native("keyvault:Vault"), vault({}, policies));
  for (const [role, scope] of workspaceRoles)
    if (role !== "Key Vault Administrator") caller.grant(role, principal, scope);
  const isolated = workspace({ managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" } });
  expect(said(caller.put(ml("Workspace"), isolated))).toMatch(
    /needs while it is created: Azure AI Enterprise Network Connection Approver on \/subscriptions\/[-0-9]+\/resourceGroups\/rg\.$/,
  );
  caller.grant("Azure AI Enterprise Network Connection Approver", principal, groupId);
  expect(said(caller.put(ml("Workspace"), isolated))).toBe("201");
});

test.each(endpointRoles)("an endpoint whose identity lacks %s is refused", (role, scope) => {
  const caller = withWorkspace();
  const principal = principalOf(caller, "id-chat");
  for (const [other, otherScope] of endpointRoles)
    if (other !== role) caller.grant(other, principal, otherScope);
  expect(said(caller.put(ml("OnlineEndpoint"), endpoint()))).toBe(
    `400 BadRequest: The identity '${identityId("id-chat")}' lacks roles that the endpoint needs before it is created: ${role} on ${scope}.`,
  );
  caller.grant(role, principal, scope);
  expect(said(caller.put(ml("OnlineEndpoint"), endpoint()))).toBe("201");
});

test("an endpoint with the system's own identity needs none, and gets an object id", () => {
  const caller = withWorkspace();
  const made = caller.make(
    ml("OnlineEndpoint"),
    endpoint({}, { identity: { type: "SystemAssigned" } }),
  );
  expect(made["identity"]).toEqual({
    type: "SystemAssigned",
    principalId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    tenantId: "00000000-0000-0000-0000-00000000000a",
  });
});

test("an identity that does not exist is refused", () => {
  const caller = withWorkspace();
  const inputs = endpoint(
    {},
    { identity: { type: "UserAssigned", userAssignedIdentities: [identityId("id-none")] } },
  );
  expect(said(caller.put(ml("OnlineEndpoint"), inputs))).toBe(
    `400 FailedIdentityOperation: Identity operation failed: the user-assigned identity '${identityId("id-none")}' does not exist.`,
  );
});

test("an identity of the model writes where its roles reach; Contributor grants nothing", () => {
  const [caller, principal] = ready();
  const inputs = storage({ accountName: "stother" });
  const put = native("storage:StorageAccount");
  expect(said(caller.put(put, inputs, principal))).toMatch(/^403 AuthorizationFailed: /);
  caller.grant("Contributor", principal, groupId);
  expect(said(caller.put(put, inputs, principal))).toBe("201");
  const other = assignment("AcrPull", principalOf(caller, "id-chat"), groupId);
  expect(said(caller.put(token, other, principal))).toMatch(/^403 AuthorizationFailed: /);
  caller.grant("Role Based Access Control Administrator", principal, groupId);
  expect(said(caller.put(token, other, principal))).toBe("201");
});

test("assignments on a resource go with it", () => {
  const [caller, principal] = ready();
  const made = idOf(native("managedidentity:UserAssignedIdentity"), identity("id-chat"));
  caller.grant("Contributor", principal, made);
  caller.drop(made);
  expect(
    Object.keys(caller.azure.state.resources).filter((id) => id.startsWith(made.toLowerCase())),
  ).toEqual([]);
  expect(workspaceId).toContain("/workspaces/ws-main");
});
