import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./support/checkout";

const canaries = {
  "openai-key": "canary-3f1c9a-openai",
  "search-key": "canary-77be02-search",
  "azure-openai-key": "canary-c4d85e-azure-openai",
};

/** Every file below a folder, links not followed. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

test("a secret reaches Azure and appears in no output, diff, log or file", async () => {
  const checkout = new Checkout("dev");
  checkout.edit((config) => {
    config.set(
      ["connections"],
      [
        { name: "aoai", type: "azureOpenAI", secret: "azure-openai-key" },
        { name: "openai", type: "openAI", secret: "openai-key" },
        {
          name: "search",
          type: "aiSearch",
          target: "https://search.example.com",
          secret: "search-key",
        },
      ],
    );
    for (const name of Object.keys(canaries)) {
      config.set(["secrets", name], { secure: "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
    }
  });

  const first = await checkout.runAll(["preview", "up", "refresh"], { secrets: canaries });
  const rotated = Object.fromEntries(
    Object.entries(canaries).map(([name, value]) => [name, `${value}-rotated`]),
  );
  const second = await checkout.runAll(["preview", "up"], { secrets: rotated });

  // The secrets did go where they belong.
  const sent = [...first, ...second]
    .flatMap(({ writes }) => writes)
    .map(({ body }) => JSON.stringify(body ?? ""));
  for (const value of [...Object.values(canaries), ...Object.values(rotated)]) {
    expect(sent.filter((body) => body.includes(`"${value}"`))).toHaveLength(1);
  }
  // A rotated key is an update of its connection and of nothing else.
  expect(second[1]?.changed.map(({ operation, name }) => [operation, name]).sort()).toEqual([
    ["update", "connections.aoai"],
    ["update", "connections.openai"],
    ["update", "connections.search"],
  ]);

  const outputs = [...first, ...second].map(
    ({ output, changed }) => output + JSON.stringify(changed),
  );
  expect(outputs.filter((text) => text.includes("canary-"))).toEqual([]);
  const files = filesBelow(checkout.directory).filter((file) => statSync(file).size > 0);
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => readFileSync(file).includes("canary-"))).toEqual([]);
});
