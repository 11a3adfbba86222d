import { ml, model, said, withWorkspace, workspaceId, type Inputs } from "./support";

const token = ml("ModelVersion");
const versions = `${workspaceId}/models/chat_dev/versions`;
const tagged = (version: string, tags: Inputs): Inputs => model(version, { tags });

interface Page {
  readonly value: readonly { readonly name: string }[];
  readonly nextLink?: string;
}

test.each(["0", "1.0", "abc", "01", "a1b2c3"])(
  "a model's version %s is refused: no positive integer",
  (version) => {
    const caller = withWorkspace();
    expect(said(caller.put(token, model(version)))).toBe(
      `400 UserError: Version '${version}' is not valid for a model: it must be a positive integer.`,
    );
  },
);

test("a version's content is fixed; its tags and description are not", () => {
  const caller = withWorkspace();
  caller.make(token, tagged("1", { content_hash: "a" }));
  expect(said(caller.put(token, model("1", { modelUri: "azureml://elsewhere" })))).toBe(
    "409 Conflict: Version 1 already exists with other content; a registered version is immutable, register a new one.",
  );
  const changed = caller.make(
    token,
    model("1", { tags: { content_hash: "a", approved_prod: "true" }, description: "good" }),
  );
  expect(changed["properties"]).toMatchObject({
    description: "good",
    tags: { approved_prod: "true" },
  });
});

test("data and environments take any word as version, and keep it too", () => {
  const caller = withWorkspace();
  const data = (dataUri: string): Inputs => ({
    resourceGroupName: "rg",
    workspaceName: "ws-main",
    name: "questions",
    version: "0f3a",
    properties: { dataType: "uri_file", dataUri },
  });
  caller.make(ml("DataVersion"), data("azureml://a"));
  expect(said(caller.put(ml("DataVersion"), data("azureml://b")))).toMatch(
    /^409 Conflict: Version 0f3a already exists/,
  );
});

test("the container comes with the first version and counts on", () => {
  const caller = withWorkspace();
  const container = `${workspaceId}/models/chat_dev`;
  expect(caller.send("GET", container).status).toBe(404);
  for (const version of ["1", "2", "10"]) caller.make(token, model(version));
  expect(caller.get(container)["properties"]).toMatchObject({
    latestVersion: "10",
    nextVersion: "11",
  });
});

test("versions are listed newest first, in pages, and by tags; archived ones only when asked for", () => {
  const caller = withWorkspace();
  for (const version of ["1", "2", "3", "4", "5"])
    caller.make(token, tagged(version, { content_hash: `h${version}` }));
  caller.make(token, model("4", { tags: { content_hash: "h4" }, isArchived: true }));
  const names = (path: string): string[] => {
    const { value, nextLink } = caller.send("GET", path).body as Page;
    const page = value.map(({ name }) => name);
    if (!nextLink) return page;
    const { pathname, search } = new URL(nextLink);
    const rest = new URLSearchParams(search);
    rest.delete("api-version");
    return [...page, "|", ...names(`${pathname}?${rest.toString()}`)];
  };
  expect(names(versions)).toEqual(["5", "3", "2", "1"]);
  expect(names(`${versions}?$top=3`)).toEqual(["5", "3", "2", "|", "1"]);
  expect(names(`${versions}?$orderBy=CreatedAtAsc&$top=2`)).toEqual(["1", "2", "|", "3", "5"]);
  expect(names(`${versions}?tags=content_hash=h3`)).toEqual(["3"]);
  expect(names(`${versions}?tags=content_hash&$top=1`)).toEqual([
    "5",
    "|",
    "3",
    "|",
    "2",
    "|",
    "1",
  ]);
  expect(names(`${versions}?listViewType=ArchivedOnly`)).toEqual(["4"]);
  expect(names(`${workspaceId}/models/none/versions`)).toEqual([]);
});

test("a version in a workspace that does not exist is refused", () => {
  const caller = withWorkspace();
  expect(said(caller.put(token, { ...model("1"), workspaceName: "ws-none" }))).toBe(
    `404 ParentResourceNotFound: The resource '${workspaceId.replace("ws-main", "ws-none")}' was not found.`,
  );
});
