import { readEnvironment } from "../../config/read";
import { genaiopsBeside } from "../cli/testEndpoint/command";
import { TestSandbox } from "../sandbox/server/sandbox";
import { Checkout } from "./support/checkout";

/** What `pulumi up` made in the simulated Azure, tested over HTTPS as a pipeline tests it. */

const checkout = new Checkout("dev");

test("the endpoint that an update made passes test-endpoint, whatever its authentication", async () => {
  // Azure DevOps has a test of its own: devopsStack.test.ts.
  checkout.edit((config) => {
    config.delete(["devops"]);
    config.set(["flows", "plain-container"], {
      authentication: "Key",
      arms: { blue: { version: "current", weight: 100 } },
    });
  });
  await checkout.run("up");
  const answer = { category: "App", evidence: "Both", summary: "S", level: "easy" };
  const arms = Object.fromEntries(
    ["blue", "green", "gpt-mini"].map((arm) => [arm, { answer, latencyMs: 5 }]),
  );
  // As the stack's own runs do: the tenant is the one that its file names.
  const { tenantId } = readEnvironment({ root: checkout.root, stack: "dev" });
  const box = await TestSandbox.start({ arms, tenantId }, checkout.directory);
  try {
    const runs = await Promise.all(
      ["web-classification", "plain-container"].map((flow) =>
        genaiopsBeside(
          ["test-endpoint", flow, "--env", "dev", "--cwd", checkout.root, "--requests", "200"],
          box.sandbox.environment,
        ),
      ),
    );
    expect(runs.map(({ code, err }) => ({ code, err }))).toEqual([
      { code: 0, err: "" },
      { code: 0, err: "" },
    ]);
    expect(runs[0]!.out).toMatch(/^ {2}gpt-mini +0 % +ok, 200 in \d+ ms +0 +0$/m);
    expect(runs[0]!.out).toMatch(/\/score {2}AADToken$/m);
    expect(runs[1]!.out).toMatch(/^ {2}blue +100 % +ok, 200 in \d+ ms +200 +200 /m);
    expect(runs[1]!.out).toMatch(/\/score {2}Key$/m);
  } finally {
    await box.close();
  }
});
