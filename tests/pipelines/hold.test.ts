import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEnvironment } from "../../config/read";
import { weightsIn } from "../../packages/cli/rollout/editWeights";
import { endpointId } from "../../packages/cli/rollout/place";
import { TestSandbox, type Resource } from "../sandbox/server/sandbox";
import { declare, Organisation } from "./organisation";
import { writeRepository } from "./repository";

/**
 * The weights that each job of a delivery finds in its checkout, with the real `rollout --hold` and a simulated Azure.
 */

const name = "web-classification";
const location = "swedencentral";
const ml = "azure-native:machinelearningservices";
const declared = declare();
const weightsOf = (text: string) => weightsIn({ text, flow: ["config", "flows", name] });
const asDeclared = weightsOf(String(declared.files["Pulumi.dev.yaml"]));

const folder = mkdtempSync(join(tmpdir(), "pipelines-hold-"));
writeRepository(folder, declared.files);
const environment = readEnvironment({ root: folder, stack: "dev" });
afterAll(() => rmSync(folder, { recursive: true }));

function azureWith(traffic: Readonly<Record<string, number>> | undefined): Resource[] {
  const flow = environment.flows.find((one) => one.name === name);
  if (!flow) throw new Error(`dev has no flow ${name}`);
  const endpoint = endpointId(environment, flow);
  const [group = ""] = endpoint.split("/providers/");
  const [workspace = ""] = endpoint.split("/onlineEndpoints/");
  return [
    { id: group, token: "azure-native:resources:ResourceGroup", body: { location } },
    { id: workspace, token: `${ml}:Workspace`, body: { location, properties: {} } },
    ...(traffic
      ? [
          {
            id: endpoint,
            token: `${ml}:OnlineEndpoint`,
            body: { location, properties: { traffic } },
          },
        ]
      : []),
  ];
}

test.each([
  ["the first deployment", undefined, { blue: 0, green: 0, "gpt-mini": 0 }],
  ["a new arm", { blue: 100 }, { blue: 100, green: 0, "gpt-mini": 0 }],
  ["arms that all serve", { blue: 90, green: 10 }, asDeclared],
])(
  "%s",
  async (_, live, held) => {
    const organisation = await Organisation.of(declared);
    const { tenantId } = environment;
    const box = await TestSandbox.start({ tenantId }, azureWith(live));
    try {
      organisation.standIns.pretend();
      organisation.standIns.rollOutIn(box.sandbox.environment);
      const [run] = await organisation.merge("development", { [`flows/${name}/x.txt`]: "x" });
      expect(run?.result).toBe("Succeeded");
      // Update, smoke test, update, integration test: each in a checkout of its own.
      const found = organisation.standIns.settings().map(weightsOf);
      expect(found).toEqual([held, held, asDeclared, asDeclared]);
    } finally {
      await box.close();
      organisation.close();
    }
  },
  300_000,
);
