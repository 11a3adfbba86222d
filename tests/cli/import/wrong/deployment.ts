import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import type { Place } from "../place";
import { KEY, type Wrong } from "./wrong";

const CONFIG = "configs/deployment_config.json";
const config = (before: string, after: string) => (place: Place) =>
  place.replace(CONFIG, before, after);
const BOMB = ["a: &a [x, x, x, x, x, x, x, x, x]", ..."bcdefgh"]
  .map((key, index) =>
    index === 0
      ? key
      : `${key}: &${key} [${Array(9)
          .fill(`*${"abcdefg"[index - 1]}`)
          .join(", ")}]`,
  )
  .join("\n");

/** Faults of what is deployed: configs/deployment_config.json and environment/env.yaml. */
export const deployment: readonly Wrong[] = [
  {
    fault: "a deployment config that is no JSON",
    make: config('"ENV_NAME": "dev",', '"ENV_NAME": "dev"'),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:5:7  broken JSON: no comma between two entries; JSON; correct it",
    ],
  },
  {
    fault: "a comment in JSON",
    make: config('"ENDPOINT_DESC": "Triage",', '// the first\n      "ENDPOINT_DESC": "Triage",'),
    outcome: "refused",
    said: ["…/configs/deployment_config.json:7:7  broken JSON: a comment; JSON; correct it"],
  },
  {
    fault: "a comma too many in JSON",
    make: config('"gpt-4o-mini" }', '"gpt-4o-mini" },'),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:16:5  broken JSON: no name in double quotes, or a comma too many; JSON; correct it",
    ],
  },
  {
    fault: "JSON that ends too early",
    make: (place) => place.write(CONFIG, place.text(CONFIG).slice(0, 300)),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:10:45  broken JSON: no value, or a comma too many; JSON; correct it",
    ],
  },
  {
    fault: "an empty deployment config",
    make: (place) => place.write(CONFIG, ""),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:1:1  the file is empty; lists azure_managed_endpoint, kubernetes_endpoint, webapp_endpoint; write {} where the flow is deployed nowhere",
    ],
  },
  {
    fault: "no deployment config",
    make: (place) => rmSync(path.join(place.folder, CONFIG)),
    outcome: "valid",
    said: [
      "…/configs/deployment_config.json:1:1  the file is missing; the flow came over without arms; add arms under flows in the stack files",
    ],
  },
  {
    fault: "a deployment config of three megabytes",
    make: (place) => place.write(CONFIG, `{}${" ".repeat(3_000_000)}`),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:1:1  the file has more than a megabyte; settings as a person writes them; see whether this is what is meant",
    ],
  },
  {
    fault: "a deployment config without a bottom",
    make: (place) => place.write(CONFIG, `{"azure_managed_endpoint": ${"[".repeat(100_000)}`),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:1:1  lists or mappings are nested more than 500 deep; settings as a person writes them; see whether this is the file that is meant",
    ],
  },
  {
    fault: "a deployment config in Latin 1",
    make: (place) =>
      place.write(
        CONFIG,
        Buffer.from(place.text(CONFIG).replace("Triage", "Vorprüfung"), "latin1"),
      ),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:1:1  the file is not UTF-8 text; YAML files are UTF-8; save it with the encoding UTF-8",
    ],
  },
  {
    fault: "aliases that grow without end",
    make: (place) => place.write("environment/env.yaml", BOMB),
    outcome: "refused",
    said: [
      "…/environment/env.yaml:1:1  broken YAML: aliases that stand for more and more; YAML 1.2; write out the value instead of *name",
    ],
  },
  {
    fault: "variables of the environment in a list",
    make: (place) => place.write("environment/env.yaml", "- VERBOSE\n"),
    outcome: "refused",
    said: [
      "…/environment/env.yaml:1:1  the file holds no variables; a mapping of names to values; write NAME: value, or remove the file",
    ],
  },
  {
    fault: "variables of the environment in a named pipe, which would never end",
    make: (place) => {
      rmSync(path.join(place.folder, "environment/env.yaml"));
      spawnSync("mkfifo", [path.join(place.folder, "environment/env.yaml")]);
    },
    outcome: "refused",
    said: [
      "…/environment/env.yaml:1:1  this is no file; settings as a person writes them; see whether this is what is meant",
    ],
  },
  {
    fault: "a key that stands twice in JSON",
    make: config('"ENDPOINT_DESC": "Triage",', '"ENDPOINT_DESC": "Triage", "ENV_NAME": "prod",'),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:7:34  broken JSON: the same key stands twice in one object; JSON; keep one of the two",
      '…/configs/deployment_config.json:18:19  "prod" stands twice under azure_managed_endpoint; each environment once; any number of arms fits behind one endpoint here; keep one of the two, and add the other\'s arm after the import',
    ],
  },
  {
    fault: "a misspelt list",
    make: config('"kubernetes_endpoint"', '"kubernetes_endpoints"'),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:38:3  unknown key "kubernetes_endpoints" in the file; its keys are azure_managed_endpoint, kubernetes_endpoint, webapp_endpoint; did you mean "kubernetes_endpoint"?',
    ],
  },
  {
    fault: "a misspelt key",
    make: config('"CURRENT_DEPLOYMENT_NAME"', '"CURENT_DEPLOYMENT_NAME"'),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:11:7  unknown key "CURENT_DEPLOYMENT_NAME"; its keys are ENV_NAME, TEST_FILE_PATH, ENDPOINT_NAME, ENDPOINT_DESC, DEPLOYMENT_DESC, PRIOR_DEPLOYMENT_NAME, PRIOR_DEPLOYMENT_TRAFFIC_ALLOCATION, CURRENT_DEPLOYMENT_NAME, CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION, DEPLOYMENT_VM_SIZE, DEPLOYMENT_INSTANCE_COUNT, DEPLOYMENT_CONDA_PATH, ENVIRONMENT_VARIABLES; did you mean "CURRENT_DEPLOYMENT_NAME"?',
    ],
  },
  {
    fault: "a key of the team's own",
    make: config('"ENDPOINT_DESC": "Triage"', '"COST_CENTRE": "4711"'),
    outcome: "valid",
    said: [
      '…/configs/deployment_config.json:7:7  the key "COST_CENTRE" is none of the reference\'s; left out; look for its meaning among the settings of a flow and its arms',
    ],
  },
  {
    fault: "an entry without an environment",
    make: config('"ENV_NAME": "dev",', ""),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:3:5  azure_managed_endpoint[0] has no "ENV_NAME"; required: the name of an environment; add "ENV_NAME"',
    ],
  },
  {
    fault: "an environment twice",
    make: config('"ENV_NAME": "test"', '"ENV_NAME": "dev"'),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:32:19  "dev" stands twice under azure_managed_endpoint; each environment once; any number of arms fits behind one endpoint here; keep one of the two, and add the other\'s arm after the import',
    ],
  },
  {
    fault: "an environment with a slash",
    make: config('"ENV_NAME": "test"', '"ENV_NAME": "../test"'),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:32:19  azure_managed_endpoint[2].ENV_NAME is "../test"; the name of an environment: letters, digits, hyphens, underscores and periods; correct "ENV_NAME"',
    ],
  },
  {
    fault: "an environment in capitals",
    make: config('"ENV_NAME": "test"', '"ENV_NAME": "Prod"'),
    outcome: "valid",
    said: [
      '…/configs/deployment_config.json:32:19  there is no Pulumi.Prod.yaml; the arms of this environment are written nowhere; did you mean prod? If not, make the stack, and write this: below its flows, ticket-triage: { arms: { triage-v2: { version: current, weight: 100, environment: { PROMPT_TOKEN_LIMIT: "3000", VERBOSE: "False" } } } }',
    ],
  },
  {
    fault: "a share over 100",
    make: config(
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90',
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 190',
    ),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:26:48  azure_managed_endpoint[1].CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION is 190; a whole number from 0 to 100, as 100 or "100"; correct "CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION"',
    ],
  },
  {
    fault: "a share with a percent sign",
    make: config(
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90',
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": "90%"',
    ),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:26:48  azure_managed_endpoint[1].CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION is "90%"; a whole number from 0 to 100, as 100 or "100"; correct "CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION"',
    ],
  },
  {
    fault: "a broken share",
    make: config(
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90',
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90.5',
    ),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:26:48  azure_managed_endpoint[1].CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION is 90.5; a whole number from 0 to 100, as 100 or "100"; round it, for example to 91',
    ],
  },
  {
    fault: "shares that sum to 120",
    make: config(
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90',
      '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": "80"',
    ),
    outcome: "valid",
    said: [
      "…/configs/deployment_config.json:26:48  the share is a text; weights are numbers; it is 80",
      "…/configs/deployment_config.json:24:46  the shares 80 and 10 sum to 90; weights sum to 100: triage-v1 has 20, since the reference's scripts pass over the prior share; correct the weights where that was not meant",
    ],
  },
  {
    fault: "a prior share without a prior name",
    make: config('"PRIOR_DEPLOYMENT_NAME": "triage-v1"', '"PRIOR_DEPLOYMENT_NAME": " "'),
    outcome: "valid",
    said: [
      "…/configs/deployment_config.json:24:46  a prior deployment without a name has the share 10; no arm was made of it, and the current one has weight 100; name it there and import again, or add the arm",
    ],
  },
  {
    fault: "no share at all",
    make: (place) => {
      place.replace(
        CONFIG,
        '"PRIOR_DEPLOYMENT_TRAFFIC_ALLOCATION": "10"',
        '"PRIOR_DEPLOYMENT_TRAFFIC_ALLOCATION": ""',
      );
      place.replace(
        CONFIG,
        '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90',
        '"CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": ""',
      );
    },
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:26:7  neither the current nor the prior deployment has a share; shares that sum to 100; write both",
    ],
  },
  {
    fault: "two deployments whose names become one",
    make: config(
      '"triage-v2",\n      "CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90',
      '"Triage_V1",\n      "CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION": 90',
    ),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:23:32  the prior and the current deployment are both "triage-v1" as names of arms; two names that differ in their letters and digits; correct one of the two',
    ],
  },
  {
    fault: "a deployment without a Latin letter",
    make: config('"triage_v1"', '"четыре"'),
    outcome: "refused",
    said: [
      "…/configs/deployment_config.json:11:34  the name of the deployment can be no name of an arm; 3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit; write such a name",
    ],
  },
  {
    fault: "a size that is none",
    make: config("Standard_F4s_v2", "F4s_v2"),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:13:29  DEPLOYMENT_VM_SIZE is "F4s_v2"; a VM size; write for example Standard_DS3_v2, or nothing for the size of armDefaults',
    ],
  },
  {
    fault: "more instances than an arm takes",
    make: config('"DEPLOYMENT_INSTANCE_COUNT": "3"', '"DEPLOYMENT_INSTANCE_COUNT": "300"'),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:28:36  azure_managed_endpoint[1].DEPLOYMENT_INSTANCE_COUNT is "300"; a whole number from 1 to 50, as 50 or "50"; correct "DEPLOYMENT_INSTANCE_COUNT"',
    ],
  },
  {
    fault: "variables that are a list",
    make: config('"ENVIRONMENT_VARIABLES": {}', '"ENVIRONMENT_VARIABLES": []'),
    outcome: "refused",
    said: [
      '…/configs/deployment_config.json:29:7  azure_managed_endpoint[1].ENVIRONMENT_VARIABLES is an empty list; a mapping of names to values; write its keys below "ENVIRONMENT_VARIABLES", indented',
    ],
  },
  {
    fault: "a variable of the serving contract",
    make: config('"CHAT_DEPLOYMENT": "gpt-4o-mini"', '"PROMPTFLOW_RUN_MODE": "serving"'),
    outcome: "valid",
    said: [
      "…/configs/deployment_config.json:15:67  the variable PROMPTFLOW_RUN_MODE is set by hand; the platform sets it; left out",
    ],
  },
  {
    fault: "a variable that no shell takes",
    make: config('"CHAT_DEPLOYMENT"', '"chat-deployment"'),
    outcome: "valid",
    said: [
      '…/configs/deployment_config.json:15:67  the variable "chat-deployment" has a name that no shell takes; left out; letters, digits and underscores, not starting with a digit; rename it in the flow and write it under the arm\'s environment',
    ],
  },
  {
    fault: "a key among the variables",
    make: config('"gpt-4o-mini"', JSON.stringify(KEY)),
    outcome: "valid",
    said: [
      '…/configs/deployment_config.json:15:67  the variable "CHAT_DEPLOYMENT" holds what looks like a secret; not copied: no secret stands in a file; renew it, and use a connection, without a key where the service takes Entra tokens',
    ],
  },
  {
    fault: "a variable without a value",
    make: config('"gpt-4o-mini"', "null"),
    outcome: "valid",
    said: [
      '…/configs/deployment_config.json:15:67  the variable "CHAT_DEPLOYMENT" has no value; left out; write it under the arm\'s environment where the flow needs it',
    ],
  },
  {
    fault: "a password among the variables",
    make: config('"CHAT_DEPLOYMENT": "gpt-4o-mini"', '"DB_PASSWORD": "swordfish"'),
    outcome: "valid",
    said: [
      '…/configs/deployment_config.json:15:67  the variable "DB_PASSWORD" holds what looks like a secret; not copied: no secret stands in a file; renew it, and use a connection, without a key where the service takes Entra tokens',
    ],
  },
  {
    fault: "another request to test with",
    make: config(
      '"TEST_FILE_PATH": "sample-request.json"',
      '"TEST_FILE_PATH": "data/request.json"',
    ),
    outcome: "valid",
    said: [
      '…/configs/deployment_config.json:5:25  the test\'s request is "data/request.json"; each arm is tested with sample-request.json of the flow; see that sample-request.json is the request you mean',
    ],
  },
];
