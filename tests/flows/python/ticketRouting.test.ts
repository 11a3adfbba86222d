import { spawnSync } from "node:child_process";
import path from "node:path";
import { managedPython, root } from "./support";

const python = managedPython();

const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from ticket_routing import client, read_queue
def access(key):
    made = client("https://a.example", "2024-10-21", key)
    return [made.api_key, made._azure_ad_token_provider is not None]
answers = ['{"category": "Billing"}', 'Sure: {"category": "Fault"}.', '{"category": "Sales"}', "[1]", "", "{}", '{"category": []}']
print(json.dumps([access("k"), access("\${aoai.api_key}"), [read_queue(answer) for answer in answers]]))
`;

(python === undefined ? test.skip : test)(
  "ticket routing asks with the connection's key, without one with Entra's tokens, and reads no queue that there is not",
  () => {
    const run = spawnSync(python!, ["-c", program, path.join(root, "flows/ticket-routing")], {
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    const [withKey, without, queues] = JSON.parse(run.stdout) as [unknown[], unknown[], string[]];
    expect(withKey).toEqual(["k", false]);
    expect(without[1]).toBe(true);
    expect(without[0]).not.toContain("aoai");
    const desk = "Front desk";
    expect(queues).toEqual(["Billing", "Fault", desk, desk, desk, desk, desk]);
  },
);
