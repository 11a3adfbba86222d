import { EVALUATING, type Wrong } from "./wrong";

/** Wrong settings of the platform: Azure, resources, images, connections, secrets. */
export const stack: readonly Wrong[] = [
  {
    name: "location missing",
    edits: [{ from: "  azure-native:location: swedencentral\n", to: "" }],
    problems: [
      "Pulumi.dev.yaml:1:1  azure-native:location is missing; the short name of a region, for example swedencentral; add it, for example by: pulumi config set azure-native:location <value>",
    ],
  },
  {
    name: "location as shown",
    edits: [{ from: "swedencentral", to: "Sweden Central" }],
    problems: [
      'Pulumi.dev.yaml:2:26  azure-native:location is "Sweden Central"; the short name of a region, for example swedencentral; write swedencentral',
    ],
  },
  {
    name: "location not a text",
    edits: [{ from: "swedencentral", to: "[a]" }],
    problems: [
      "Pulumi.dev.yaml:2:3  azure-native:location is not a text; the short name of a region, for example swedencentral; copy it from: az account list-locations",
    ],
  },
  {
    name: "location own key",
    edits: [{ from: "azure-native:location", to: "location" }],
    problems: [
      "Pulumi.dev.yaml:1:1  azure-native:location is missing; the short name of a region, for example swedencentral; add it, for example by: pulumi config set azure-native:location <value>",
      'Pulumi.dev.yaml:2:3  unknown key "location" in config; its keys are network, zoneRedundant, protect, suffix, tags, resourceGroup, logAnalytics, applicationInsights, storage, keyVault, containerRegistry, workspace, machineLearningRegistry, promotion, openAI, compute, kubernetes, webApp, deployer, endpointIdentity, replaceLiveArms, connections, secrets, images, armDefaults, limits, flows, devops; write azure-native:location',
    ],
  },
  {
    name: "subscription not uuid",
    edits: [{ from: "11111111-1111-4111-8111-111111111111", to: "my-subscription" }],
    problems: [
      'Pulumi.dev.yaml:3:32  azure-native:subscriptionId is "my-subscription"; a UUID: 8-4-4-4-12 hexadecimal digits; copy it from: az account show',
    ],
  },
  {
    name: "tenant missing",
    edits: [{ from: "  azure-native:tenantId: 22222222-2222-4222-8222-222222222222\n", to: "" }],
    problems: [
      "Pulumi.dev.yaml:1:1  azure-native:tenantId is missing; a UUID: 8-4-4-4-12 hexadecimal digits; add it, for example by: pulumi config set azure-native:tenantId <value>",
    ],
  },
  {
    name: "misspelt key",
    edits: [{ from: "network: open", to: "netwrok: open" }],
    problems: [
      'Pulumi.dev.yaml:1:1  config has no "network"; required: one of open, closed; add "network"',
      'Pulumi.dev.yaml:5:3  unknown key "netwrok" in config; its keys are network, zoneRedundant, protect, suffix, tags, resourceGroup, logAnalytics, applicationInsights, storage, keyVault, containerRegistry, workspace, machineLearningRegistry, promotion, openAI, compute, kubernetes, webApp, deployer, endpointIdentity, replaceLiveArms, connections, secrets, images, armDefaults, limits, flows, devops; did you mean "network"?',
    ],
  },
  {
    name: "unknown key",
    edits: [{ from: "network: open", to: "network: open\n  blueprints: {}" }],
    problems: [
      'Pulumi.dev.yaml:6:3  unknown key "blueprints" in config; its keys are network, zoneRedundant, protect, suffix, tags, resourceGroup, logAnalytics, applicationInsights, storage, keyVault, containerRegistry, workspace, machineLearningRegistry, promotion, openAI, compute, kubernetes, webApp, deployer, endpointIdentity, replaceLiveArms, connections, secrets, images, armDefaults, limits, flows, devops; remove it',
    ],
  },
  {
    name: "a resource group for what cannot choose one",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  compute: { mode: existing, name: cpu, resourceGroup: rg-other }",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:6:41  unknown key "resourceGroup" in compute; its keys are mode, name; remove it',
    ],
  },
  {
    name: "namespaced twice",
    edits: [{ from: "network: open", to: "network: open\n  genaiops-platform:network: open" }],
    problems: [
      'Pulumi.dev.yaml:5:3  "network" stands here with and without the namespace genaiops-platform; each setting once; keep one of the two',
    ],
  },
  {
    name: "namespaced wrong",
    edits: [{ from: "network: open", to: "genaiops-platform:network: opened" }],
    problems: [
      'Pulumi.dev.yaml:5:30  network is "opened"; one of open, closed; did you mean "open"?',
    ],
  },
  {
    name: "enum",
    edits: [{ from: "network: open", to: "network: close" }],
    problems: [
      'Pulumi.dev.yaml:5:12  network is "close"; one of open, closed; did you mean "closed"?',
    ],
  },
  {
    name: "no value",
    edits: [{ from: "network: open", to: "network:" }],
    problems: [
      'Pulumi.dev.yaml:5:3  network has no value; one of open, closed; write a value for "network" or remove the line',
    ],
  },
  {
    name: "boolean as word",
    edits: [{ from: "network: open", to: "network: open\n  protect: yes" }],
    problems: [
      'Pulumi.dev.yaml:6:12  protect is "yes"; true or false; write true or false without quotes',
    ],
  },
  {
    name: "number for a text",
    edits: [{ from: "network: open", to: "network: open\n  suffix: 42" }],
    problems: ['Pulumi.dev.yaml:6:11  suffix is 42; a text; put it in quotes: "42"'],
  },
  {
    name: "suffix chars",
    edits: [{ from: "network: open", to: "network: open\n  suffix: Prod_1" }],
    problems: [
      'Pulumi.dev.yaml:6:11  suffix is "Prod_1"; 1 to 8 lower-case letters or digits; write for example suffix: 4f2a',
    ],
  },
  {
    name: "list for mapping",
    edits: [{ from: "openAI: { mode: create }", to: "openAI: [create]" }],
    problems: [
      'Pulumi.dev.yaml:6:3  openAI is a list; a mapping of keys to values; write its keys below "openAI", indented',
    ],
  },
  {
    name: "mode missing",
    edits: [{ from: "openAI: { mode: create }", to: "openAI: { name: oai-dev }" }],
    problems: [
      'Pulumi.dev.yaml:6:3  openAI has no "mode"; required: one of create, existing; add "mode"',
    ],
  },
  {
    name: "mode unknown",
    edits: [{ from: "openAI: { mode: create }", to: "openAI: { mode: crate }" }],
    problems: [
      'Pulumi.dev.yaml:6:19  openAI.mode is "crate"; one of create, existing; did you mean "create"?',
    ],
  },
  {
    name: "adopt w/o name",
    edits: [{ from: "openAI: { mode: create }", to: "openAI: { mode: existing }" }],
    problems: ['Pulumi.dev.yaml:6:3  openAI has no "name"; required: a name; add "name"'],
  },
  {
    name: "adopt with create field",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  keyVault: { mode: existing, name: kv-shared, retentionDays: 7 }",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:6:48  unknown key "retentionDays" in keyVault; its keys are mode, name, resourceGroup; remove it',
    ],
  },
  {
    name: "vault name",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  keyVault: { mode: create, name: kv--shared }",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:6:35  keyVault.name is "kv--shared", 10 characters; 3 to 24 letters, digits and single hyphens, starting with a letter and ending with a letter or digit; choose another name or remove the line to have one composed',
    ],
  },
  {
    name: "storage name",
    edits: [
      { from: "network: open", to: "network: open\n  storage: { mode: create, name: stShared-1 }" },
    ],
    problems: [
      'Pulumi.dev.yaml:6:34  storage.name is "stShared-1", 10 characters; 3 to 24 lower-case letters and digits; choose another name or remove the line to have one composed',
    ],
  },
  {
    name: "retention range",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  keyVault: { mode: create, retentionDays: 91 }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:6:44  keyVault.retentionDays is 91; a whole number from 7 to 90; lower it to 90 or less",
    ],
  },
  {
    name: "retention fraction",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  logAnalytics: { mode: create, retentionDays: 30.5 }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:6:48  logAnalytics.retentionDays is 30.5; a whole number from 30 to 730; round it, for example to 31",
    ],
  },
  {
    name: "tag",
    edits: [{ from: "network: open", to: "network: open\n  tags: { a/b: x }" }],
    problems: [
      'Pulumi.dev.yaml:6:11  "a/b" is not a legal name; 1 to 512 characters without < > % & \\ ? /; rename it, for example to "a-b"',
    ],
  },
  {
    name: "tag number",
    edits: [{ from: "network: open", to: "network: open\n  tags: { cost: 4711 }" }],
    problems: ['Pulumi.dev.yaml:6:17  tags.cost is 4711; a text; put it in quotes: "4711"'],
  },
  {
    name: "tags case",
    edits: [{ from: "network: open", to: "network: open\n  tags: { Team: x, team: y }" }],
    problems: [
      'Pulumi.dev.yaml:6:20  "team" is to Azure the same name as "Team" above; each name once, whatever its case; rename one of the two',
    ],
  },
  {
    name: "secret in a tag",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  tags: { note: sk-0123456789abcdef01234567 }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:6:17  the tag note holds what looks like a secret; no secret stands in a file, and whoever may read the tag reads it; take it out and renew it",
    ],
  },
  {
    name: "tag of the platform",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  tags: { environment: dev, Flow: x, project: y }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:6:29  the tag Flow; the platform sets project, environment and flow itself; take it out, or name yours otherwise",
      "Pulumi.dev.yaml:6:38  the tag project; the platform sets project, environment and flow itself; take it out, or name yours otherwise",
    ],
  },
  {
    name: "direction mark",
    edits: [{ from: "network: open", to: 'network: "open\\u202E"' }],
    problems: [
      'Pulumi.dev.yaml:5:12  network is "open\\u202e"; one of open, closed; did you mean "open"?',
    ],
  },
  {
    name: "deployer uuid",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  deployer: { mode: existing, principalId: 123 }",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:6:44  deployer.principalId is 123; a UUID: 8-4-4-4-12 hexadecimal digits; correct "principalId"',
    ],
  },
  {
    name: "openai deployment twice",
    edits: [
      {
        from: "openAI: { mode: create }",
        to: 'openAI: { mode: create, deployments: [{ name: gpt, model: gpt-4o, version: "1", capacity: 1 }, { name: GPT, model: gpt-4o, version: "1", capacity: 1 }] }',
      },
    ],
    problems: [
      'Pulumi.dev.yaml:6:106  "GPT" is to Azure the same name as "gpt" above; each name once, whatever its case; rename one of the two',
    ],
  },
  {
    name: "vm size",
    edits: [
      {
        from: "armDefaults: { image: serving }",
        to: "armDefaults: { image: serving, instance: DS3_v2 }",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:14:44  armDefaults.instance is "DS3_v2"; a VM size; write for example instance: Standard_DS3_v2',
    ],
  },
  {
    name: "instances",
    edits: [
      {
        from: "armDefaults: { image: serving }",
        to: "armDefaults: { image: serving, instances: 51 }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:14:45  armDefaults.instances is 51; a whole number from 1 to 50; lower it to 50 or less",
    ],
  },
  {
    name: "acr closed",
    edits: [
      {
        from: "network: open",
        to: "network: closed\n  containerRegistry: { mode: create, sku: Standard }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:6:43  the container registry is Standard with network: closed; network: closed needs Premium; write Premium or remove the line",
    ],
  },
  {
    name: "zone storage",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  zoneRedundant: true\n  storage: { mode: create, replication: LRS }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:7:41  storage is LRS with zoneRedundant: true; ZRS or GZRS; write ZRS or GZRS, or remove the line",
    ],
  },
  {
    name: "protect replace",
    edits: [
      { from: "network: open", to: "network: open\n  protect: true\n  replaceLiveArms: true" },
    ],
    problems: [
      "Pulumi.dev.yaml:7:20  replaceLiveArms is on with protect: true; a protected stack never replaces an arm that carries traffic; remove the line and add an arm instead",
    ],
  },
  {
    name: "closed public",
    edits: [
      { from: "network: open", to: "network: closed" },
      { from: "    web:\n", to: "    web:\n      publicAccess: true\n" },
    ],
    problems: [
      'Pulumi.dev.yaml:17:21  the endpoint of "web" is public in a closed network; in a closed network endpoints are private; remove the line or set network: open',
    ],
  },
  {
    name: "cores",
    edits: [{ from: "network: open", to: "network: open\n  limits: { cores: 15 }" }],
    problems: [
      "Pulumi.dev.yaml:6:20  managed deployments need 16 cores of quota; at most 15 by limits.cores; Azure holds a fifth more than an arm's instances; take instances or arms away, choose smaller VMs or, if Azure raised the quota, raise limits.cores",
    ],
  },
  {
    name: "limits",
    edits: [{ from: "network: open", to: "network: open\n  limits: { deployments: 1 }" }],
    problems: [
      "Pulumi.dev.yaml:16:3  2 deployments; at most 1 deployments by limits.deployments; an arm is one deployment; take some out or, if Azure raised the quota, raise limits.deployments",
    ],
  },
  {
    name: "tag image",
    edits: [{ from: "{ build: images/serving }", to: "{ digest: ghcr.io/a/b:latest }" }],
    problems: [
      'Pulumi.dev.yaml:13:24  images.serving.digest is "ghcr.io/a/b:latest"; an image by digest: <registry>/<repository>@sha256:<64 hexadecimal digits>; write for example digest: example.azurecr.io/serving@sha256:0000000000000000000000000000000000000000000000000000000000000000',
    ],
  },
  {
    name: "image both",
    edits: [
      {
        from: "{ build: images/serving }",
        to: '{ digest: "a/b@sha256:0000000000000000000000000000000000000000000000000000000000000000", build: images/serving }',
      },
    ],
    problems: [
      'Pulumi.dev.yaml:13:5  images.serving is a mapping with digest and build; digest (an image that exists), build (a folder with a Dockerfile), or flow and from (a flow laid over another image); correct "serving"',
    ],
  },
  {
    name: "image misspelt form",
    edits: [{ from: "{ build: images/serving }", to: "{ buidl: images/serving }" }],
    problems: [
      'Pulumi.dev.yaml:13:16  unknown key "buidl" in images.serving; its keys are digest, build, flow, from; did you mean "build"?',
    ],
  },
  {
    name: "image folder missing",
    edits: [{ from: "{ build: images/serving }", to: "{ build: images/servign }" }],
    problems: [
      'Pulumi.dev.yaml:13:23  there is no folder "images/servign"; a folder that exists in the repository; correct the path or add what is missing',
    ],
  },
  {
    name: "image no dockerfile",
    files: { "images/serving/Dockerfile": null, "images/serving/readme.txt": "x" },
    problems: [
      'Pulumi.dev.yaml:13:23  there is no file "images/serving/Dockerfile"; a file that exists in the repository; correct the path or add what is missing',
    ],
  },
  {
    name: "image outside",
    edits: [{ from: "{ build: images/serving }", to: "{ build: ../serving }" }],
    problems: [
      'Pulumi.dev.yaml:13:23  "../serving" leads out of the repository; paths inside the repository, after following symbolic links; copy it into the repository',
    ],
  },
  {
    name: "image symlink",
    edits: [{ from: "{ build: images/serving }", to: "{ build: images/out }" }],
    links: { "images/out": "/tmp" },
    problems: [
      'Pulumi.dev.yaml:13:23  "images/out" leads out of the repository; paths inside the repository, after following symbolic links; copy it into the repository',
    ],
  },
  {
    name: "default image unknown",
    edits: [{ from: "armDefaults: { image: serving }", to: "armDefaults: { image: servin }" }],
    problems: [
      'Pulumi.dev.yaml:14:25  unknown image "servin"; a name under images; did you mean "serving"?',
    ],
  },
  {
    name: "no image",
    edits: [{ from: "armDefaults: { image: serving }", to: "armDefaults: {}" }],
    problems: [
      'Pulumi.dev.yaml:18:9  the arm "blue" has no image; an image of its own or armDefaults.image; write one of "serving"',
      'Pulumi.dev.yaml:19:9  the arm "green" has no image; an image of its own or armDefaults.image; write one of "serving"',
    ],
  },
  {
    name: "arm image unknown",
    edits: [{ from: "weight: 90 }", to: "weight: 90, image: other }" }],
    problems: [
      'Pulumi.dev.yaml:18:48  unknown image "other"; a name under images; write one of "serving"',
    ],
  },
  {
    name: "image name",
    edits: [{ from: "serving: { build", to: "Serving: { build" }],
    problems: [
      'Pulumi.dev.yaml:13:5  "Serving" is not a legal name; 2 to 64 lower-case letters and digits, with single periods, hyphens or underscores between; rename it, for example to "serving"',
      'Pulumi.dev.yaml:14:25  unknown image "serving"; a name under images; did you mean "Serving"?',
    ],
  },
  {
    name: "connection type",
    edits: [{ from: "type: azureOpenAI", to: "type: azureOpenAi" }],
    problems: [
      'Pulumi.dev.yaml:9:13  connections[0].type is "azureOpenAi"; one of azureOpenAI, openAI, aiSearch; did you mean "azureOpenAI"?',
    ],
  },
  {
    name: "connection twice",
    edits: [
      {
        from: "      type: azureOpenAI",
        to: "      type: azureOpenAI\n    - name: AOAI\n      type: azureOpenAI",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:10:13  "AOAI" is to Azure the same name as "aoai" above; each name once, whatever its case; rename one of the two',
    ],
  },
  {
    name: "connection w/o target",
    edits: [{ from: "  openAI: { mode: create }\n", to: "" }],
    problems: [
      "Pulumi.dev.yaml:7:7  the connection has no target and the stack has no Azure OpenAI account; an address, or the account under openAI; add target or openAI",
    ],
  },
  {
    name: "connection target",
    edits: [{ from: "type: azureOpenAI", to: "type: azureOpenAI\n      target: my-account" }],
    problems: [
      'Pulumi.dev.yaml:10:15  connections[0].target is "my-account"; an address with its scheme, https://…; write for example target: https://example.openai.azure.com/',
    ],
  },
  {
    name: "password in a connection's target",
    edits: [
      {
        from: "type: azureOpenAI",
        to: "type: azureOpenAI\n      target: https://bot:hunter2@a.example.com",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:10:15  connections[0].target is a text that is not shown; an address without user and password; write for example target: https://example.openai.azure.com/",
    ],
  },
  {
    name: "connection name",
    edits: [{ from: "- name: aoai", to: "- name: a!" }],
    problems: [
      'Pulumi.dev.yaml:8:13  connections[0].name is "a!"; 3 to 33 letters, digits, hyphens and underscores, starting with a letter or digit; write for example name: aoai',
      'flows/web/experiment.yaml:4:11  unknown connection "aoai"; a connection of Pulumi.dev.yaml; write one of "a!"',
      'flows/web/flow.dag.yaml:9:17  unknown connection "aoai"; a connection of Pulumi.dev.yaml; write one of "a!"',
    ],
  },
  {
    name: "unknown secret",
    edits: [{ from: "type: azureOpenAI", to: "type: azureOpenAI\n      secret: serch-key" }],
    problems: [
      'Pulumi.dev.yaml:10:15  the connection\'s secret is not a name under secrets; one of search-key; did you mean "search-key"?',
    ],
  },
  {
    name: "key as secret",
    edits: [
      {
        from: "type: azureOpenAI",
        to: "type: azureOpenAI\n      secret: 0123456789abcdef0123456789abcdef",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:10:15  the connection\'s secret is not a name under secrets; one of search-key; write one of "search-key"',
    ],
  },
  {
    name: "key in connection",
    edits: [
      {
        from: "type: azureOpenAI",
        to: "type: azureOpenAI\n      api_key: 0123456789abcdef0123456789abcdef",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:10:7  unknown key "api_key" in connections[0]; its keys are name, type, target, apiVersion, secret; remove it',
    ],
  },
  {
    name: "plain secret",
    edits: [{ from: '{ secure: "v1:c2VhbGVk" }', to: "hunter2" }],
    problems: [
      'Pulumi.dev.yaml:11:17  the secret "search-key" is not encrypted; a value as Pulumi writes it: {secure: "v1:…"}; take it out, renew the key and run: pulumi config set --secret --path secrets.search-key',
    ],
  },
  {
    name: "secret sealed beside plain text",
    edits: [{ from: '"v1:c2VhbGVk" }', to: '"v1:c2VhbGVk", plain: hunter2 }' }],
    problems: [
      'Pulumi.dev.yaml:11:5  the secret "search-key" is not encrypted; a value as Pulumi writes it: {secure: "v1:…"}; take it out, renew the key and run: pulumi config set --secret --path secrets.search-key',
    ],
  },
  {
    name: "plain secret of a provider",
    edits: [
      { from: "  network: open", to: "  azure-native:clientSecret: hunter2\n  network: open" },
    ],
    problems: [
      'Pulumi.dev.yaml:5:30  the secret "azure-native:clientSecret" is not encrypted; a value as Pulumi writes it: {secure: "v1:…"}; take it out, renew the key and run: pulumi config set --secret azure-native:clientSecret',
    ],
  },
  {
    name: "all secrets sealed",
    edits: [{ from: '    search-key: { secure: "v1:c2VhbGVk" }', to: "    secure: v1:c2VhbGVk" }],
    problems: [
      "Pulumi.dev.yaml:10:3  all secrets are one encrypted value, so their names cannot be read; names, each with a value of its own; set each with: pulumi config set --secret --path secrets.<name>",
    ],
  },
  {
    name: "secrets not mapping",
    edits: [
      { from: '  secrets:\n    search-key: { secure: "v1:c2VhbGVk" }', to: "  secrets: hunter2" },
    ],
    problems: [
      'Pulumi.dev.yaml:10:12  secrets is a text that is not shown; a mapping of names to values; write its keys below "secrets", indented',
    ],
  },
  {
    name: "address with a password in a variable",
    edits: [
      {
        from: "weight: 90 }",
        to: "weight: 90, environment: { STORE: postgres://bot:hunter2@db/x } }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:18:63  the variable STORE holds what looks like a secret; no secret stands in a file; put the key under secrets and use a connection",
    ],
  },
  {
    name: "secret in environment",
    edits: [{ from: "weight: 90 }", to: "weight: 90, environment: { OPENAI_API_KEY: hunter2 } }" }],
    problems: [
      "Pulumi.dev.yaml:18:72  the variable OPENAI_API_KEY holds what looks like a secret; no secret stands in a file; put the key under secrets and use a connection",
    ],
  },
  {
    name: "key in env",
    edits: [
      {
        from: "weight: 90 }",
        to: "weight: 90, environment: { UPSTREAM: sk-proj-0123456789abcdef } }",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:18:66  the variable UPSTREAM holds what looks like a secret; no secret stands in a file; put the key under secrets and use a connection",
    ],
  },
  {
    name: "reserved var",
    edits: [{ from: "weight: 90 }", to: "weight: 90, environment: { AZURE_CLIENT_ID: x } }" }],
    problems: [
      "Pulumi.dev.yaml:18:56  the variable AZURE_CLIENT_ID is set by the platform; variables of your own; remove the line",
    ],
  },
  {
    name: "var name",
    edits: [{ from: "weight: 90 }", to: "weight: 90, environment: { MY-VAR: x } }" }],
    problems: [
      'Pulumi.dev.yaml:18:56  "MY-VAR" is not a legal name; letters, digits and underscores, not starting with a digit; rename it, for example to "MY_VAR"',
    ],
  },
  {
    name: "var number",
    edits: [{ from: "weight: 90 }", to: "weight: 90, environment: { RETRIES: 3 } }" }],
    problems: [
      'Pulumi.dev.yaml:18:65  flows.web.arms.blue.environment.RETRIES is 3; a text; put it in quotes: "3"',
    ],
  },
  {
    name: "location at stack as uuid",
    edits: [
      { from: "subscriptionId: 11111111-1111-4111-8111-111111111111", to: "subscriptionId: 42" },
    ],
    problems: [
      "Pulumi.dev.yaml:3:32  azure-native:subscriptionId is not a text; a UUID: 8-4-4-4-12 hexadecimal digits; copy it from: az account show",
    ],
  },
  {
    name: "key inside a misspelt connection key",
    edits: [
      {
        from: "type: azureOpenAI",
        to: "type: azureOpenAI\n      sercet: 0123456789abcdef0123456789abcdef",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:10:7  unknown key "sercet" in connections[0]; its keys are name, type, target, apiVersion, secret; did you mean "secret"?',
    ],
  },
  {
    name: "base image by tag",
    files: { "images/serving/Dockerfile": "# serving\nFROM python:3.11\n" },
    problems: [
      'images/serving/Dockerfile:2:6  the image "python:3.11" is not named by digest; <image>@sha256:<64 hexadecimal digits>; a tag can move to other bytes; write the digest that `docker buildx imagetools inspect python:3.11` prints',
    ],
  },
  {
    name: "keys in an image",
    files: { "images/serving/.env": "aoai={}" },
    problems: [
      "images/serving/.env:1:1  the file with the keys of local runs would go into the image; an image without secrets; add **/.env to .dockerignore of the folder that is built",
    ],
  },
  {
    name: "versions from nowhere",
    edits: [{ from: "network: open", to: "network: open\n  promotion: { from: tset }" }],
    problems: [
      'Pulumi.dev.yaml:6:22  versions come from "tset"; another environment of this repository; did you mean "test"?',
      "Pulumi.dev.yaml:13:3  images beside promotion.from; the images are those of tset, by the digest that was evaluated there; remove images, or remove promotion",
    ],
  },
  {
    name: "versions from an environment without a registry",
    edits: [
      { from: "network: open", to: "network: open\n  promotion: { from: test }" },
      { from: "  images:\n    serving: { build: images/serving }\n", to: "" },
    ],
    files: {
      "Pulumi.test.yaml": EVALUATING.replace("  machineLearningRegistry: { mode: create }\n", ""),
    },
    problems: [
      "Pulumi.dev.yaml:6:22  test shares no registry; an environment with machineLearningRegistry; write machineLearningRegistry: { mode: create } into Pulumi.test.yaml",
    ],
  },
  {
    name: "versions from an environment that takes them from another",
    edits: [
      { from: "network: open", to: "network: open\n  promotion: { from: test }" },
      { from: "  images:\n    serving: { build: images/serving }\n", to: "" },
    ],
    files: { "Pulumi.test.yaml": `${EVALUATING}  promotion: { from: dev }\n` },
    problems: [
      "Pulumi.dev.yaml:6:22  test takes its own versions from dev; the environment that evaluates; write from: dev",
    ],
  },
  {
    name: "versions from an environment that is wrong",
    edits: [
      { from: "network: open", to: "network: open\n  promotion: { from: test }" },
      { from: "  images:\n    serving: { build: images/serving }\n", to: "" },
    ],
    files: { "Pulumi.test.yaml": "config:\n  network: ajar\n" },
    problems: [
      "Pulumi.dev.yaml:6:22  the settings of test are wrong; an environment whose settings can be read; see what is said by: genaiops plan --stack test",
    ],
  },
  {
    name: "what the other environment has, and this checkout",
    edits: [
      {
        from: "network: open",
        to: "network: open\n  promotion: { from: test }\n  machineLearningRegistry: { mode: create }",
      },
      { from: "  images:\n    serving: { build: images/serving }\n", to: "" },
      { from: "armDefaults: { image: serving }", to: "armDefaults: { image: srving }" },
      { from: "blue: { version: 3,", to: "blue: { version: current," },
    ],
    files: { "Pulumi.test.yaml": EVALUATING },
    problems: [
      "Pulumi.dev.yaml:7:3  machineLearningRegistry beside promotion.from; the registry is that of test; remove machineLearningRegistry, or remove promotion",
      'Pulumi.dev.yaml:14:25  unknown image "srving"; a name under images; did you mean "serving"?',
      'Pulumi.dev.yaml:18:26  version is "current" in a stack that takes its versions from test; a version number or approved; write approved, or the number of a registered version',
    ],
  },
  {
    name: "a shared registry in a closed network",
    edits: [
      { from: "network: open", to: "network: closed\n  machineLearningRegistry: { mode: create }" },
    ],
    problems: [
      "Pulumi.dev.yaml:6:36  a registry for other environments is created in a closed network; no image can be registered in a registry without public access; create it in an open environment and write promotion: { from: <environment> } here",
    ],
  },
];
