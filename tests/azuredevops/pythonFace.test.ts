import * as azuredevops from "@pulumi/azuredevops";
import type { ResourceDescription } from "../../packages/azuredevops/resource";
import type { Properties, Property } from "./faces/face";
import { readOwnFace } from "./faces/ownFace";
import { pythonPackage, readPythonFace } from "./faces/pythonFace";

const found = readPythonFace();
if ("absent" in found) {
  console.warn(`SKIPPED: every class against ${pythonPackage} of PyPI: ${found.absent}`);
}

/** What the package changed after the release whose names the drop-in carries: how it was before. */
const before: Record<string, Record<string, Property | undefined>> = {
  "Team inputs": { areas: undefined },
  "Team outputs": { areas: undefined },
  "getServicePrincipal inputs": {
    displayName: { type: "string", required: true },
    originId: undefined,
  },
};

function asBefore(place: string, properties: Properties = {}): Properties {
  for (const [name, property] of Object.entries(before[place] ?? {})) {
    expect(properties[name]).not.toEqual(property);
  }
  return Object.fromEntries(
    Object.entries({ ...properties, ...before[place] }).filter(
      (entry): entry is [string, Property] => entry[1] !== undefined,
    ),
  );
}

("absent" in found ? describe.skip : describe)(`the drop-in against ${pythonPackage}`, () => {
  const own = readOwnFace();
  const python = "face" in found ? found.face : undefined;
  const classes = azuredevops as unknown as Record<string, { description: ResourceDescription }>;

  it.each(Object.keys(own.resources))("%s: token, inputs and outputs", (name) => {
    const theirs = python?.resources[name];
    expect(classes[name]?.description.token).toBe(python?.tokens[name]);
    expect(own.resources[name]?.inputs).toEqual(asBefore(`${name} inputs`, theirs?.inputs));
    expect(own.resources[name]?.outputs).toEqual(asBefore(`${name} outputs`, theirs?.outputs));
  });

  it.each(Object.keys(own.functions))("%s: inputs and results", (name) => {
    const theirs = python?.functions[name];
    expect(own.functions[name]?.inputs).toEqual(asBefore(`${name} inputs`, theirs?.inputs));
    expect(own.functions[name]?.results).toEqual(theirs?.results);
  });

  it("the provider's settings", () => {
    expect(own.provider).toEqual(python?.provider);
  });
});
