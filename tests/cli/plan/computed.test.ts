import { computeInside } from "../../../packages/sandbox/computed";

const urn = "urn:pulumi:dev::shop::a:b:C::c";
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

test.each([
  ["a value", {}, "uri", { uri: `\${${urn}.uri}` }],
  [
    "inside an object",
    { properties: { sku: 1 } },
    "properties.uri",
    { properties: { sku: 1, uri: `\${${urn}.properties.uri}` } },
  ],
  [
    "an input, which stays",
    { properties: { uri: "mine" } },
    "properties.uri",
    { properties: { uri: "mine" } },
  ],
  [
    "in each element of a list",
    { rules: [{ a: 1 }, { a: 2 }] },
    "rules.*.id",
    {
      rules: [
        { a: 1, id: `\${${urn}.rules[0].id}` },
        { a: 2, id: `\${${urn}.rules[1].id}` },
      ],
    },
  ],
  [
    "in each entry of a map",
    { rules: { x: {}, "y.z": {} } },
    "rules.*.id",
    { rules: { x: { id: `\${${urn}.rules.x.id}` }, "y.z": { id: `\${${urn}.rules["y.z"].id}` } } },
  ],
  [
    "inside a secret",
    { properties: secret({ key: "k" }) },
    "properties.uri",
    { properties: secret({ key: "k", uri: `\${${urn}.properties.uri}` }) },
  ],
  [
    "inside what is itself a reference",
    { properties: `\${${urn}.properties}` },
    "properties.uri",
    { properties: { uri: `\${${urn}.properties.uri}` } },
  ],
])("%s", (_, state, path, expected) => {
  const before = structuredClone(state);
  const copy = { ...state };
  computeInside(copy, path.split("."), urn);
  expect(copy).toEqual(expected);
  // The inputs that the state shares are what the plan shows.
  expect(state).toEqual(before);
});
