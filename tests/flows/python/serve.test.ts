import { readdirSync } from "node:fs";
import path from "node:path";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { genaiopsBeside } from "../../cli/testEndpoint/command";
import { managedPython, root } from "./support";

/** Every flow of the repository, served by `serve` on the real prompt flow and tested by `test-endpoint`. */

const python = managedPython();
const flows = readdirSync(path.join(root, "flows"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let standIn: ModelStandIn;
beforeAll(async () => {
  standIn = await startModelStandIn({ key: "canary" });
});
afterAll(() => standIn.close());

/** Serve, test at the printed address once it is ready, and press Ctrl-C. */
async function servedAndTested(flow: string, args: readonly string[], requests: number) {
  const environment = {
    GENAIOPS_PYTHON: python!,
    AOAI_API_KEY: "canary",
    AOAI_API_BASE: standIn.url,
  };
  const port = String(20_000 + (process.pid % 20_000) + Math.floor(Math.random() * 10_000));
  let interrupt = () => {};
  const serving = genaiopsBeside(
    ["serve", flow, ...args, "--port", port],
    environment,
    (stop) => (interrupt = stop),
  );
  const tested = await genaiopsBeside([
    ...["test-endpoint", flow, "--url", `http://127.0.0.1:${port}`],
    ...["--wait", "180", "--requests", String(requests)],
  ]);
  interrupt();
  return { tested, served: await serving };
}

(python === undefined ? describe.skip : describe)("serve and test-endpoint", () => {
  test.each(flows)("%s is served with its own defaults and passes", async (flow) => {
    const { tested, served } = await servedAndTested(flow, [], 4);
    const last = tested.out.split("\n").slice(-2);
    expect({ code: tested.code, last }).toEqual({ code: 0, last: ["passed", ""] });
    expect(tested.out).toMatch(/^ {2}checkout +100 % +ok, 200 in \d+ ms +4 +4 /m);
    expect(served.code).toBe(0);
    expect(served.out).toContain("ready: checkout. Ctrl-C ends it.");
    expect(`${served.out}${served.err}${tested.out}`).not.toContain("canary");
  });

  test("the arms of dev pass together, the one at weight 0 by its name", async () => {
    const { tested, served } = await servedAndTested("web-classification", ["--env", "dev"], 60);
    expect(tested.code).toBe(0);
    expect(tested.out).toMatch(/^ {2}gpt-mini +0 % +ok, 200 in \d+ ms +0 +0$/m);
    expect(tested.out).toContain("60 requests by weight");
    expect(served).toMatchObject({ code: 0, err: "" });
  });
});
