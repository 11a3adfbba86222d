import type { Edit } from "../repository";
import { EVALUATING, type Wrong } from "./wrong";

const cluster: Edit = {
  from: "  network: open\n",
  to: "  network: open\n  kubernetes: { mode: existing, name: aks }\n",
};
const flow = (lines: string): Edit => ({
  from: "    web:\n",
  to: `    web:\n      target: kubernetes\n${lines}`,
});

const registration: Edit = {
  from: "  network: open\n",
  to: `  network: open\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n`,
};
const onWebApp = (lines: string): Edit => ({
  from: "    web:\n",
  to: `    web:\n      target: webApp\n${lines}`,
});

/** Flows that say what their target cannot honour. */
export const targets: readonly Wrong[] = [
  {
    name: "unknown target",
    edits: [{ from: "    web:\n", to: "    web:\n      target: container\n" }],
    problems: [
      'Pulumi.dev.yaml:17:15  flows.web.target is "container"; one of managed, kubernetes, webApp; write one of "managed", "kubernetes", "webApp"',
    ],
  },
  {
    name: "Kubernetes without a cluster",
    edits: [flow("")],
    problems: [
      "Pulumi.dev.yaml:17:15  the flow web runs on Kubernetes and the stack has no cluster; a cluster that is attached to the workspace; add kubernetes: { mode: existing, name: <name of the attached compute> }",
    ],
  },
  {
    name: "managed endpoints' settings on Kubernetes",
    edits: [
      cluster,
      flow(
        "      authentication: AADToken\n      publicAccess: false\n      mirror: { arm: mini, percent: 10 }\n",
      ),
      {
        from: "blue: { version: 3, weight: 90 }",
        to: "blue: { version: 3, weight: 90, instance: Standard_DS2_v2 }\n        mini: { version: 3, weight: 0 }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:19:7  a Kubernetes endpoint with AADToken; AMLToken or Key; Entra tokens are for managed endpoints; remove the line to have AMLToken",
      "Pulumi.dev.yaml:20:7  publicAccess of a Kubernetes endpoint; the cluster's own network says who reaches it; remove the line",
      "Pulumi.dev.yaml:21:7  a mirror of a Kubernetes endpoint; requests are mirrored by managed endpoints alone; remove the block, or give the arm a small weight",
      "Pulumi.dev.yaml:23:41  a VM size of a Kubernetes deployment; instance types of the cluster; VM sizes are for managed endpoints; remove the line, and name an instance type in the flow's kubernetes.instanceType",
    ],
  },
  {
    name: "requests above limits",
    edits: [
      cluster,
      flow(
        "      kubernetes:\n        requests: { cpu: 1500m, memory: 2Gi }\n        limits: { cpu: '1', memory: 2047Mi, gpu: 1 }\n",
      ),
    ],
    problems: [
      "Pulumi.dev.yaml:20:26  1500m of cpu requested with a limit of 1; requests up to the limits; lower the request or raise limits.cpu",
      "Pulumi.dev.yaml:20:41  2Gi of memory requested with a limit of 2047Mi; requests up to the limits; lower the request or raise limits.memory",
    ],
  },
  {
    name: "limits alone",
    edits: [cluster, flow("      kubernetes:\n        limits: { gpu: 1 }\n")],
    problems: [
      "Pulumi.dev.yaml:20:9  limits without requests; cpu and memory of requests are required beside limits; add requests",
      "Pulumi.dev.yaml:20:19  GPUs without a limit of cpu; limits of cpu and memory beside GPUs; add limits.cpu",
      "Pulumi.dev.yaml:20:19  GPUs without a limit of memory; limits of cpu and memory beside GPUs; add limits.memory",
    ],
  },
  {
    name: "resources that are none, whatever the target",
    edits: [
      {
        from: "    web:\n",
        to: "    web:\n      kubernetes: { requests: { cpu: 1, memory: 0Gi } }\n",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:17:38  flows.web.kubernetes.requests.cpu is 1; cores in quotes, for example "500m" or "1.5"; correct "cpu"',
      'Pulumi.dev.yaml:17:49  flows.web.kubernetes.requests.memory is "0Gi"; an amount of memory, for example "2Gi" or "512Mi"; correct "memory"',
    ],
  },
  {
    name: "scale that Kubernetes does not know",
    edits: [
      cluster,
      flow(
        "      scale:\n        min: 1\n        max: 3\n        rules: []\n        timeZone: UTC\n        schedule: []\n",
      ),
    ],
    problems: ["rules:22", "timeZone:23", "schedule:24"].map((place) => {
      const [part, line] = place.split(":");
      return `Pulumi.dev.yaml:${line}:9  scale.${part} of a Kubernetes endpoint; the cluster's router scales by busy containers alone; remove it; the flow's kubernetes.utilization says when containers are added`;
    }),
  },
  {
    name: "bounds of scale",
    edits: [
      {
        from: "    web:\n",
        to: "    web:\n      scale: { min: 4, max: 3 }\n",
      },
      { from: "version: 3, weight: 90", to: "version: 3, weight: 90, instances: 5" },
    ],
    problems: [
      "Pulumi.dev.yaml:17:21  at least 4 and at most 3 instances; min up to max; lower min or raise max",
      "Pulumi.dev.yaml:19:52  the arm blue begins with 5 instances, scaled from 4 to 3; a number within the bounds of scale; remove the line, or change the bounds",
    ],
  },
  {
    name: "rules of scale",
    edits: [
      {
        from: "    web:\n",
        to: `    web:
      scale:
        min: 2
        max: 5
        rules:
          - { metric: cpu, above: 50, add: 2 }
          - { metric: cpu, below: 60, remove: 1 }
          - { metric: memory, above: 80 }
`,
      },
    ],
    problems: [
      'Pulumi.dev.yaml:23:13  flows.web.scale.rules[2] is a mapping with metric and above; either above and add, or below and remove, of a metric; correct "2"',
    ],
  },
  {
    name: "rules that meet",
    edits: [
      {
        from: "    web:\n",
        to: `    web:
      scale:
        min: 2
        max: 5
        rules:
          - { metric: cpu, above: 50, add: 2 }
          - { metric: cpu, below: 50, remove: 1 }
          - { metric: memory, below: 80, remove: 1 }
`,
      },
    ],
    problems: [
      "Pulumi.dev.yaml:22:35  instances are removed below 50 % of cpu and added above 50 %; a gap between the two; lower below, for example to 25",
    ],
  },
  {
    name: "schedule of scale",
    edits: [
      {
        from: "    web:\n",
        to: `    web:
      scale:
        min: 2
        max: 5
        schedule:
          - { name: day, days: [Monday, Friday], from: "08:00", to: "18:00", min: 3, max: 9 }
          - { name: evening, days: [Friday], from: "18:00", to: "22:00", min: 3, max: 9 }
          - { name: night, days: [Sunday], from: "22:00", to: "06:00", min: 1, max: 2 }
          - { name: day, days: [Tuesday], from: "08:00", to: "18:00", min: 3, max: 2 }
`,
      },
    ],
    problems: [
      "Pulumi.dev.yaml:22:52  the period evening begins before day has ended; periods with names of their own, at least a minute apart; move or join them",
      "Pulumi.dev.yaml:23:63  the period night ends at 06:00 and begins at 22:00; an end after the beginning, on the same day; write two periods for one that passes midnight",
      "Pulumi.dev.yaml:24:21  two periods day; periods with names of their own, at least a minute apart; rename one",
      "Pulumi.dev.yaml:24:76  at least 3 and at most 2 instances; min up to max; lower min or raise max",
    ],
  },
  {
    name: "timeouts that a Web App has not, wherever they are said",
    edits: [
      registration,
      onWebApp(""),
      { from: "{ image: serving }", to: "{ image: serving, requestTimeoutSeconds: 231 }" },
      { from: "weight: 90 }", to: "weight: 90, requestTimeoutSeconds: 240 }" },
    ],
    problems: [
      "Pulumi.dev.yaml:15:57  a request may take 231 seconds in an arm of a webApp flow; at most 230; lower it to 230 or less",
      "Pulumi.dev.yaml:20:41  requestTimeoutSeconds of a Web App's slot; App Service ends every request after 230 seconds, and none before; remove the line",
    ],
  },
  {
    name: "more than one cluster takes",
    edits: [
      cluster,
      {
        from: "        blue: { version: 3, weight: 90 }\n",
        to: `        blue: { version: 3, weight: 90 }\n${Array.from({ length: 99 }, (_, index) => `        arm-${index}: { version: 1, weight: 0 }\n`).join("")}`,
      },
      flow(""),
    ],
    problems: [
      "Pulumi.dev.yaml:16:3  101 deployments on Kubernetes; at most 100 deployments in one cluster; move flows to another target",
      "Pulumi.dev.yaml:19:7  101 arms; 1 to 20 arms behind one endpoint; remove arms that get no traffic",
    ],
  },
  {
    name: "a cluster in a closed network",
    edits: [
      {
        from: "  network: open\n",
        to: "  network: closed\n  kubernetes: { mode: existing, name: aks }\n",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:6:3  a Kubernetes cluster is attached in a closed network; the managed network of a closed workspace takes no cluster; remove it and choose another target, or set network: open",
    ],
  },
  {
    name: "a Web App without a registration",
    edits: [onWebApp("")],
    problems: [
      "Pulumi.dev.yaml:17:15  the flow web runs on a Web App and the stack says nobody who may call it; an Entra registration, whose tokens every Web App asks for; add webApp: { clientId: <application id> }",
    ],
  },
  {
    name: "what a Web App cannot honour",
    edits: [
      registration,
      onWebApp(
        "      authentication: Key\n      mirror: { arm: an-arm-whose-name-is-too-long, percent: 10 }\n      webApp: { production: red }\n",
      ),
      {
        from: "blue: { version: 3, weight: 90 }",
        to: "blue: { version: 3, weight: 90, instance: Standard_DS2_v2, concurrentRequests: 4 }\n        an-arm-whose-name-is-too-long: { version: 3, weight: 0 }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:19:7  a Web App with tokens or keys of Azure Machine Learning; AADToken; remove the line",
      "Pulumi.dev.yaml:20:7  a mirror of a Web App; requests are mirrored by managed endpoints alone; remove the block, or give the arm a small weight",
      'Pulumi.dev.yaml:21:29  unknown arm "red"; a name under arms; write one of "an-arm-whose-name-is-too-long", "blue", "green"',
      "Pulumi.dev.yaml:23:41  a VM size of a Web App's slot; one plan carries all slots; VM sizes are for managed endpoints; remove the line",
      "Pulumi.dev.yaml:23:68  concurrentRequests of a Web App's slot; App Service hands over every request as it comes; remove the line; scale adds instances",
      "Pulumi.dev.yaml:24:9  the arm an-arm-whose-name-is-too-long has 29 characters; at most 26 on a Web App, whose slots are host names; shorten its name",
    ],
  },
  {
    name: "a Web App whose versions come from another environment",
    edits: [
      { from: "  network: open\n", to: "  network: open\n  promotion: { from: test }\n" },
      { from: "  images:\n    serving: { build: images/serving }\n", to: "" },
      registration,
      onWebApp(""),
    ],
    files: { "Pulumi.test.yaml": EVALUATING },
    problems: [
      "Pulumi.dev.yaml:17:15  the flow web runs on a Web App and its versions come from test; images that hold the flow, which those of blue, green do not; a Web App's container fetches models of this stack's workspace, not of a shared registry; let arms here and in test run an image of test with flow: web, or choose managed or kubernetes",
    ],
  },
  {
    name: "a reference to a key vault where nothing resolves it",
    edits: [
      {
        from: "version: 3, weight: 90 }",
        to: 'version: 3, weight: 90, environment: { SEARCH_KEY: "@Microsoft.KeyVault(VaultName=kv;SecretName=search-key)" } }',
      },
    ],
    problems: [
      "Pulumi.dev.yaml:18:68  the variable SEARCH_KEY is a reference to a key vault; references on a Web App alone; elsewhere the container would get this very text; put the key under secrets and use a connection",
    ],
  },
  {
    name: "a plan whose tier has no slots",
    edits: [registration, onWebApp("      webApp: { sku: B1 }\n")],
    problems: [
      'Pulumi.dev.yaml:19:22  flows.web.webApp.sku is "B1"; a size of Standard or Premium, for example S1 or P1v3; did you mean "S1"?',
    ],
  },
  {
    name: "a size that Azure has not",
    edits: [registration, onWebApp("      webApp: { sku: P0v2 }\n")],
    problems: [
      'Pulumi.dev.yaml:19:22  flows.web.webApp.sku is "P0v2"; a size of Standard or Premium, for example S1 or P1v3; did you mean "P1v2"?',
    ],
  },
  {
    name: "more instances than a plan has",
    edits: [
      registration,
      onWebApp(
        '      webApp: { sku: S1 }\n      scale: { min: 1, max: 11, schedule: [{ name: day, days: [Monday], from: "08:00", to: "18:00", min: 2, max: 31 }] }\n',
      ),
    ],
    problems: [
      "Pulumi.dev.yaml:20:29  11 instances on a plan of size S1; at most 10; lower it, or choose a Premium size in webApp.sku for up to 30",
      "Pulumi.dev.yaml:20:114  31 instances on a plan of size S1; at most 10; lower it, or choose a Premium size in webApp.sku for up to 30",
    ],
  },
  {
    name: "more instances by default than a Premium plan has",
    edits: [
      registration,
      onWebApp(""),
      {
        from: "armDefaults: { image: serving }",
        to: "armDefaults: { image: serving, instances: 31 }",
      },
    ],
    problems: ["Pulumi.dev.yaml:15:45  31 instances on a plan of size P0v3; at most 30; lower it"],
  },
  {
    name: "a Standard plan over zones, scaled to one instance",
    edits: [
      registration,
      { from: "  network: open\n", to: "  network: open\n  zoneRedundant: true\n" },
      onWebApp("      webApp: { sku: S1 }\n      scale: { min: 1, max: 3 }\n"),
    ],
    problems: [
      "Pulumi.dev.yaml:20:22  a plan of size S1 with zoneRedundant: true; plans of Premium sizes are spread over zones; choose a Premium size or remove the line",
      "Pulumi.dev.yaml:21:21  at least 1 instance of a Web App with zoneRedundant: true; 2 or more; Azure runs no fewer over several zones; write 2",
    ],
  },
  {
    name: "more arms on a Web App than any endpoint has",
    edits: [
      registration,
      onWebApp(""),
      {
        from: "      arms:\n",
        to: `      arms:\n${Array.from({ length: 19 }, (_, index) => `        arm-${index}: { version: 3, weight: 0 }\n`).join("")}`,
      },
    ],
    problems: [
      "Pulumi.dev.yaml:19:7  21 arms; 1 to 20 arms behind one endpoint; remove arms that get no traffic",
    ],
  },
  {
    name: "a time zone by its IANA name",
    edits: [
      {
        from: "    web:\n",
        to: "    web:\n      scale: { min: 1, max: 3, timeZone: Europe/Berlin }\n",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:17:42  flows.web.scale.timeZone is "Europe/Berlin"; a time zone by its Windows name, for example W. Europe Standard Time; correct "timeZone"',
    ],
  },
  {
    name: "arms by names of the Web App itself",
    edits: [
      registration,
      onWebApp(""),
      {
        from: "        blue: {",
        to: "        production: { version: 3, weight: 0 }\n        self: { version: 3, weight: 0 }\n        blue: {",
      },
    ],
    problems: ["production:20", "self:21"].map((place) => {
      const [arm, line] = place.split(":");
      return `Pulumi.dev.yaml:${line}:9  the arm ${arm} of a Web App; any name but production and self, by which App Service knows the app itself; rename it`;
    }),
  },
  {
    name: "a reference to a key vault that names no secret",
    edits: [
      registration,
      onWebApp(""),
      {
        from: "version: 3, weight: 90 }",
        to: 'version: 3, weight: 90, environment: { SEARCH_KEY: "@Microsoft.KeyVault(search-key)" } }',
      },
    ],
    problems: [
      "Pulumi.dev.yaml:20:68  the variable SEARCH_KEY is a reference to a key vault that App Service cannot resolve; @Microsoft.KeyVault(VaultName=…;SecretName=…) or @Microsoft.KeyVault(SecretUri=https://…); write one of the two",
    ],
  },
];
