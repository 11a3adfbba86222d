import { apiVersion } from "../../packages/sandbox/translate";
import {
  assignment,
  deployment,
  deploymentId,
  group,
  identityId,
  idOf,
  location,
  ml,
  native,
  principalOf,
  registry as containerRegistry,
  said,
  withArms,
  type Caller,
  type Inputs,
} from "./support";

/** The registry that environments share: its assets, what deploys them, and images that are copied. */

const shared = (more: Inputs = {}): Inputs => ({
  ...group,
  registryName: "mlr-shared",
  location,
  identity: { type: "SystemAssigned" },
  regionDetails: [{ location }],
  ...more,
});
const registryId = idOf(ml("Registry"), shared());
const inRegistry = { ...group, registryName: "mlr-shared" };
const model = (version: string, modelUri: string): Inputs => ({
  ...inRegistry,
  modelName: "chat_dev",
  version,
  properties: { modelType: "custom_model", modelUri },
});
const modelId = `${registryId}/models/chat_dev/versions/1`;
const environment = (properties: Inputs): Inputs => ({
  ...inRegistry,
  environmentName: "serve",
  version: "abc",
  properties,
});
const temporary = { pendingUploadType: "TemporaryBlobReference" };

function withRegistry(more: Inputs = {}): Caller {
  const caller = withArms();
  caller.make(ml("Registry"), shared(more));
  return caller;
}

/** Where the files of a version go. */
function uploadTo(caller: Caller, id = modelId): string {
  const { body } = caller.send("POST", `${id}/startPendingUpload`, temporary);
  const { blobReferenceForConsumption: place } = body as {
    blobReferenceForConsumption: { blobUri: string; credential: { sasUri: string } };
  };
  expect(place.credential.sasUri).toMatch(`${place.blobUri}?`);
  return place.blobUri;
}

describe("a model in a registry", () => {
  test("is registered where its files were uploaded to, and then stays as it is", () => {
    const caller = withRegistry();
    const uri = `${uploadTo(caller)}/flows/chat`;
    caller.make(ml("RegistryModelVersion"), model("1", uri));
    expect(said(caller.send("POST", `${modelId}/startPendingUpload`, temporary))).toBe(
      `409 Conflict: Version '${modelId}' exists; nothing is uploaded to it.`,
    );
    const other = model("1", `${uri}-other`);
    expect(said(caller.put(ml("RegistryModelVersion"), other))).toMatch(
      /^409 Conflict: Version 1 already exists with other content/,
    );
  });

  test.each([
    [
      "a path in a workspace's datastore",
      "1",
      "azureml://subscriptions/s/resourcegroups/rg/workspaces/ws/datastores/workspaceblobstore/paths/flows/chat",
      /^400 UserError: A registry takes no path in a workspace's datastore \('azureml:/,
    ],
    [
      "an address that no upload named",
      "1",
      "https://stmain.blob.core.windows.net/files/chat",
      /^400 UserError: modelUri 'https:\/\/stmain.* is not where startPendingUpload let the files of this version be sent/,
    ],
    [
      "a version that is no number",
      "1a",
      "x",
      /^400 UserError: Version '1a' is not valid for a model/,
    ],
  ])("is refused with %s", (_what, version, uri, message) => {
    const caller = withRegistry();
    uploadTo(caller);
    expect(said(caller.put(ml("RegistryModelVersion"), model(version, uri)))).toMatch(message);
  });

  test("of another version has a place of its own", () => {
    const caller = withRegistry();
    const first = uploadTo(caller);
    const second = uploadTo(caller, modelId.replace(/1$/, "2"));
    expect(second).not.toBe(first);
    expect(said(caller.put(ml("RegistryModelVersion"), model("2", `${first}/a`)))).toMatch(
      /^400 UserError: modelUri/,
    );
  });

  test("is written by who may write assets, and by nobody else", () => {
    const caller = withRegistry();
    const principal = principalOf(caller, "id-chat");
    const uri = uploadTo(caller);
    const write = () => said(caller.put(ml("RegistryModelVersion"), model("1", uri), principal));
    expect(write()).toMatch(/^403 AuthorizationFailed/);
    caller.grant("Reader", principal, registryId);
    expect(write()).toMatch(/^403 AuthorizationFailed/);
    caller.make(
      native("authorization:RoleAssignment"),
      assignment("AzureML Registry User", principal, registryId),
    );
    expect(write()).toBe("201");
  });
});

describe("an environment in a registry", () => {
  const put = (caller: Caller, properties: Inputs) =>
    said(caller.put(ml("RegistryEnvironmentVersion"), environment(properties)));

  test("needs an image or a build", () => {
    expect(put(withRegistry(), { osType: "Linux" })).toBe(
      "400 UserError: An environment needs image or build.",
    );
  });

  test("cannot be created without public access", () => {
    expect(put(withRegistry({ publicNetworkAccess: "Disabled" }), { image: "a/b:1" })).toMatch(
      /^400 UserError: An environment cannot be created in a registry without public access/,
    );
  });
});

describe("a deployment of a registry's model", () => {
  const reference = "azureml://registries/mlr-shared/models/chat_dev/versions/1";
  const deploy = (caller: Caller) =>
    said(caller.put(ml("OnlineDeployment"), deployment("next", { model: reference })));

  function registered(more: Inputs = {}): Caller {
    const caller = withRegistry(more);
    caller.make(ml("RegistryModelVersion"), model("1", `${uploadTo(caller)}/chat`));
    return caller;
  }

  test("needs the model, an identity that reads the registry, and a registry in its region", () => {
    expect(deploy(withRegistry())).toBe(`400 BadRequest: The model '${reference}' does not exist.`);
    const caller = registered();
    expect(deploy(caller)).toBe(
      `400 BadRequest: The endpoint's identity '${identityId("id-chat")}' may not read the registry: it needs Reader on ${registryId}.`,
    );
    caller.grant("Reader", principalOf(caller, "id-chat"), registryId);
    expect(deploy(caller)).toBe("201");
    expect(deploy(registered({ regionDetails: [{ location: "westeurope" }] }))).toMatch(
      /^400 BadRequest: The registry .* does not reach swedencentral, only westeurope\.$/,
    );
  });
});

describe("an image of a container registry", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const other = containerRegistry({ registryName: "crother" });
  const [from, to] = [containerRegistry(), other].map((inputs) =>
    idOf(native("containerregistry:Registry"), inputs),
  ) as [string, string];
  const version = apiVersion(native("containerregistry:Registry"));
  const ask = (image: string, more: Inputs = {}) => ({
    source: { resourceId: from, sourceImage: image },
    targetTags: [`serve:${"a".repeat(12)}`],
    mode: "NoForce",
    ...more,
  });

  function withImage(): Caller {
    const caller = withArms();
    caller.make(native("containerregistry:Registry"), other);
    caller.azure.state.images = { [from.toLowerCase()]: { serve: { one: digest } } };
    return caller;
  }
  const importInto = (caller: Caller, body: unknown, principal?: string) =>
    said(
      caller.azure.request({
        method: "POST",
        path: `${to}/importImage?api-version=${version}`,
        body,
        principal,
      }),
    );

  test("is copied by digest, and its tag never moves", () => {
    const caller = withImage();
    expect(importInto(caller, ask(`serve@${digest}`))).toBe("200");
    expect(caller.azure.state.images?.[to.toLowerCase()]).toEqual({
      serve: { [`${"a".repeat(12)}`]: digest },
    });
    expect(importInto(caller, ask(`serve@${digest}`))).toMatch(
      /^409 Conflict: Tag serve:a+ already/,
    );
  });

  test.each([
    ["an unknown digest", ask(`serve@sha256:${"b".repeat(64)}`), /manifest unknown/],
    ["an unknown repository", ask(`chat@${digest}`), /manifest unknown/],
    ["an unknown tag", ask("serve:two"), /manifest unknown/],
    [
      "a registry that is not there",
      { ...ask(`serve@${digest}`), source: { resourceId: `${from}x`, sourceImage: "serve:one" } },
      /source registry '.*x' could not be found/,
    ],
  ])("is not copied from %s", (_what, body, message) => {
    expect(importInto(withImage(), body)).toMatch(message);
  });

  test("is copied by who may import here and read there: to pull is not enough", () => {
    const caller = withImage();
    const principal = principalOf(caller, "id-chat");
    const copy = () => importInto(caller, ask(`serve@${digest}`), principal);
    expect(copy()).toMatch(
      /^403 AuthorizationFailed: .* permission to perform action 'Microsoft.ContainerRegistry\/registries\/importImage\/action' over scope '.*\/crother'/,
    );
    caller.grant("Contributor", principal, to);
    // withArms grants the identity AcrPull on the source.
    expect(copy()).toMatch(
      /^403 LinkedAuthorizationFailed: .* permission to perform action 'read' on the linked scope\(s\) '.*\/crmain'/,
    );
    caller.grant("Reader", principal, from);
    expect(copy()).toBe("200");
  });

  const closed = { publicNetworkAccess: "Disabled", sku: { name: "Premium" } };

  test("does not leave a registry that exports nothing", () => {
    const caller = withImage();
    const exports = (status: string) =>
      caller.make(
        native("containerregistry:Registry"),
        containerRegistry({ ...closed, policies: { exportPolicy: { status } } }),
      );
    exports("disabled");
    expect(importInto(caller, ask(`serve@${digest}`))).toMatch(
      /^403 Forbidden: .*crmain' exports nothing: its exportPolicy is disabled/,
    );
    exports("enabled");
    expect(importInto(caller, ask(`serve@${digest}`))).toBe("200");
  });

  test.each([
    ["source", {}],
    ["target", { registryName: "crother" }],
  ])("passes the network of a closed %s as a trusted service alone", (_which, name) => {
    const caller = withImage();
    const bypass = (networkRuleBypassOptions: string) =>
      caller.make(
        native("containerregistry:Registry"),
        containerRegistry({ ...name, ...closed, networkRuleBypassOptions }),
      );
    bypass("None");
    expect(importInto(caller, ask(`serve@${digest}`))).toMatch(
      /^403 Forbidden: .* lets no trusted service pass: networkRuleBypassOptions is None/,
    );
    bypass("AzureServices");
    expect(importInto(caller, ask(`serve@${digest}`))).toBe("200");
  });

  test("that its registry does not hold cannot be deployed", () => {
    const caller = withArms();
    caller.make(ml("EnvironmentVersion"), {
      ...group,
      workspaceName: "ws-main",
      name: "serve",
      version: "lost",
      properties: { image: `crmain.azurecr.io/serve@${digest}` },
    });
    const lost = deployment("next", {
      environmentId: deploymentId("x").replace(
        /onlineEndpoints.*$/,
        "environments/serve/versions/lost",
      ),
    });
    expect(said(caller.put(ml("OnlineDeployment"), lost))).toBe(
      `400 BadArgument: The container image cannot be pulled: crmain.azurecr.io has no serve@${digest}.`,
    );
    caller.azure.state.images = { [from.toLowerCase()]: { serve: { one: digest } } };
    expect(said(caller.put(ml("OnlineDeployment"), lost))).toBe("201");
  });
});
