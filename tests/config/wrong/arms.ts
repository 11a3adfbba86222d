import type { Wrong } from "./wrong";

/** Wrong arms: weights, versions, variants, mirror. */
export const arms: readonly Wrong[] = [
  {
    name: "weights sum below",
    edits: [{ from: "weight: 90", to: "weight: 80" }],
    problems: [
      "Pulumi.dev.yaml:17:7  the weights blue 80, green 10 sum to 90; a sum of 100, or 0 while bootstrapping; add 10 to an arm",
    ],
  },
  {
    name: "weights sum above",
    edits: [{ from: "weight: 90", to: "weight: 95" }],
    problems: [
      "Pulumi.dev.yaml:17:7  the weights blue 95, green 10 sum to 105; a sum of 100, or 0 while bootstrapping; take 5 from the arms",
    ],
  },
  {
    name: "weight without end",
    edits: [{ from: "weight: 90", to: "weight: .inf" }],
    problems: [
      'Pulumi.dev.yaml:18:37  flows.web.arms.blue.weight is Infinity; a whole number from 0 to 100; write a number for "weight"',
    ],
  },
  {
    name: "weight fraction",
    edits: [{ from: "weight: 90", to: "weight: 89.5" }],
    problems: [
      "Pulumi.dev.yaml:18:37  flows.web.arms.blue.weight is 89.5; a whole number from 0 to 100; round it, for example to 90",
    ],
  },
  {
    name: "weight text",
    edits: [{ from: "weight: 90", to: 'weight: "90"' }],
    problems: [
      'Pulumi.dev.yaml:18:37  flows.web.arms.blue.weight is "90"; a whole number from 0 to 100; write the number without quotes: 90',
    ],
  },
  {
    name: "weight over",
    edits: [{ from: "weight: 90", to: "weight: 110" }],
    problems: [
      "Pulumi.dev.yaml:18:37  flows.web.arms.blue.weight is 110; a whole number from 0 to 100; lower it to 100 or less",
    ],
  },
  {
    name: "weight beyond exact integers",
    edits: [{ from: "weight: 90", to: "weight: 1e20" }],
    problems: [
      "Pulumi.dev.yaml:18:37  flows.web.arms.blue.weight is 100000000000000000000; a whole number from 0 to 100; lower it to 100 or less",
    ],
  },
  {
    name: "weight negative",
    edits: [{ from: "weight: 90", to: "weight: -10" }],
    problems: [
      "Pulumi.dev.yaml:18:37  flows.web.arms.blue.weight is -10; a whole number from 0 to 100; raise it to 0 or more",
    ],
  },
  {
    name: "weight missing",
    edits: [{ from: "version: 3, weight: 90", to: "version: 3" }],
    problems: [
      'Pulumi.dev.yaml:18:9  flows.web.arms.blue has no "weight"; required: a whole number from 0 to 100; add "weight"',
    ],
  },
  {
    name: "no arms",
    edits: [
      {
        from: "      arms:\n        blue: { version: 3, weight: 90 }\n        green: { version: approved, weight: 10, variant: summarize.short }",
        to: "      arms: {}",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:17:7  0 arms; 1 to 20 arms behind one endpoint; add an arm or remove the flow",
    ],
  },
  {
    name: "arms missing",
    edits: [
      {
        from: "      arms:\n        blue: { version: 3, weight: 90 }\n        green: { version: approved, weight: 10, variant: summarize.short }",
        to: "      authentication: Key",
      },
    ],
    problems: [
      'Pulumi.dev.yaml:16:5  flows.web has no "arms"; required: a mapping of names to values; add "arms"',
    ],
  },
  {
    name: "21 arms",
    edits: [
      {
        from: "        blue: { version: 3, weight: 90 }\n",
        to: "        blue: { version: 3, weight: 90 }\n        arm-0: { version: 1, weight: 0 }\n        arm-1: { version: 1, weight: 0 }\n        arm-2: { version: 1, weight: 0 }\n        arm-3: { version: 1, weight: 0 }\n        arm-4: { version: 1, weight: 0 }\n        arm-5: { version: 1, weight: 0 }\n        arm-6: { version: 1, weight: 0 }\n        arm-7: { version: 1, weight: 0 }\n        arm-8: { version: 1, weight: 0 }\n        arm-9: { version: 1, weight: 0 }\n        arm-10: { version: 1, weight: 0 }\n        arm-11: { version: 1, weight: 0 }\n        arm-12: { version: 1, weight: 0 }\n        arm-13: { version: 1, weight: 0 }\n        arm-14: { version: 1, weight: 0 }\n        arm-15: { version: 1, weight: 0 }\n        arm-16: { version: 1, weight: 0 }\n        arm-17: { version: 1, weight: 0 }\n        arm-18: { version: 1, weight: 0 }\n",
      },
    ],
    problems: [
      "Pulumi.dev.yaml:17:7  21 arms; 1 to 20 arms behind one endpoint; remove arms that get no traffic",
    ],
  },
  {
    name: "arm name",
    edits: [{ from: "        blue:", to: "        Blue_1:" }],
    problems: [
      'Pulumi.dev.yaml:18:9  "Blue_1" is not a legal name; 3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit; rename it, for example to "blue-1"',
    ],
  },
  {
    name: "arm name short",
    edits: [{ from: "        blue:", to: "        b1:" }],
    problems: [
      'Pulumi.dev.yaml:18:9  "b1" is not a legal name; 3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit; choose another name',
    ],
  },
  {
    name: "arm double hyphen",
    edits: [{ from: "        blue:", to: "        blue--1:" }],
    problems: [
      'Pulumi.dev.yaml:18:9  "blue--1" is not a legal name; 3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit; rename it, for example to "blue-1"',
    ],
  },
  {
    name: "arm twice",
    edits: [{ from: "        green:", to: "        blue:" }],
    problems: [
      "Pulumi.dev.yaml:19:9  broken YAML: the same key stands twice in one mapping; YAML 1.2; keep one of the two",
    ],
  },
  {
    name: "version word",
    edits: [{ from: "version: approved", to: "version: aproved" }],
    problems: [
      'Pulumi.dev.yaml:19:27  flows.web.arms.green.version is "aproved"; a version number of at least 1, approved or current; did you mean "approved"?',
    ],
  },
  {
    name: "version zero",
    edits: [{ from: "version: 3", to: "version: 0" }],
    problems: [
      "Pulumi.dev.yaml:18:26  flows.web.arms.blue.version is 0; a version number of at least 1, approved or current; raise it to 1 or more",
    ],
  },
  {
    name: "version fraction",
    edits: [{ from: "version: 3", to: "version: 3.1" }],
    problems: [
      "Pulumi.dev.yaml:18:26  flows.web.arms.blue.version is 3.1; a version number of at least 1, approved or current; round it, for example to 3",
    ],
  },
  {
    name: "version quoted",
    edits: [{ from: "version: 3", to: 'version: "3"' }],
    problems: [
      'Pulumi.dev.yaml:18:26  flows.web.arms.blue.version is "3"; a version number of at least 1, approved or current; write the number without quotes: 3',
    ],
  },
  {
    name: "current in protected",
    edits: [
      { from: "network: open", to: "network: open\n  protect: true" },
      { from: "version: 3", to: "version: current" },
    ],
    problems: [
      'Pulumi.dev.yaml:19:26  version is "current" in a protected stack; a version number or approved; write approved, or the number of a registered version',
    ],
  },
  {
    name: "variant unknown",
    edits: [{ from: "summarize.short", to: "summarize.shrt" }],
    problems: [
      'Pulumi.dev.yaml:19:58  unknown variant "summarize.shrt"; a variant in flows/web/flow.dag.yaml; did you mean "summarize.short"?',
    ],
  },
  {
    name: "variant form",
    edits: [{ from: "summarize.short", to: "short" }],
    problems: [
      'Pulumi.dev.yaml:19:58  flows.web.arms.green.variant is "short"; a node and its variant: <node>.<variant>; write for example variant: summarize.variant_1',
    ],
  },
  {
    name: "variant of a flex flow",
    files: {
      "flows/web/flow.dag.yaml": null,
      "flows/web/flow.flex.yaml": "entry: a:b\n",
      "flows/web/a.py": "",
    },
    problems: [
      'Pulumi.dev.yaml:19:58  variant "summarize.short" of a flex flow; only a DAG flow has variants; remove the line; use environment for differences between arms',
    ],
  },
  {
    name: "timeout range",
    edits: [{ from: "weight: 90 }", to: "weight: 90, requestTimeoutSeconds: 301 }" }],
    problems: [
      "Pulumi.dev.yaml:18:64  flows.web.arms.blue.requestTimeoutSeconds is 301; a whole number from 1 to 300; lower it to 300 or less",
    ],
  },
  {
    name: "timeout container",
    edits: [
      { from: "weight: 90 }", to: "weight: 90, requestTimeoutSeconds: 200 }" },
      { from: ", variant: summarize.short", to: "" },
    ],
    files: { "flows/web/flow.dag.yaml": null, "flows/web/Dockerfile": "FROM scratch\n" },
    problems: [
      "Pulumi.dev.yaml:18:64  a request may take 200 seconds in an arm of a container flow; at most 180; up to 300 only for a prompt flow model; lower it to 180 or less",
    ],
  },
  {
    name: "timeout unit",
    edits: [{ from: "weight: 90 }", to: "weight: 90, requestTimeout: 90 }" }],
    problems: [
      'Pulumi.dev.yaml:18:41  unknown key "requestTimeout" in flows.web.arms.blue; its keys are version, weight, variant, environment, image, instance, instances, requestTimeoutSeconds, concurrentRequests; did you mean "requestTimeoutSeconds"?',
    ],
  },
  {
    name: "mirror live",
    edits: [
      { from: "      arms:\n", to: "      mirror: { arm: green, percent: 10 }\n      arms:\n" },
    ],
    problems: [
      'Pulumi.dev.yaml:17:22  the arm "green" is mirrored and has weight 10; an arm has live or mirrored requests, not both; set its weight to 0 or mirror another arm',
    ],
  },
  {
    name: "mirror unknown",
    edits: [
      { from: "      arms:\n", to: "      mirror: { arm: gren, percent: 10 }\n      arms:\n" },
    ],
    problems: [
      'Pulumi.dev.yaml:17:22  unknown arm "gren"; an arm of this flow; did you mean "green"?',
    ],
  },
  {
    name: "mirror 51",
    edits: [
      { from: "      arms:\n", to: "      mirror: { arm: green, percent: 51 }\n      arms:\n" },
    ],
    problems: [
      "Pulumi.dev.yaml:17:38  flows.web.mirror.percent is 51; a whole number from 1 to 50; lower it to 50 or less",
    ],
  },
  {
    name: "auth",
    edits: [{ from: "      arms:\n", to: "      authentication: AAD\n      arms:\n" }],
    problems: [
      'Pulumi.dev.yaml:17:23  flows.web.authentication is "AAD"; one of AADToken, AMLToken, Key; did you mean "AADToken"?',
    ],
  },
  {
    name: "current in prod",
    stack: "prod",
    files: {
      "Pulumi.prod.yaml":
        'config:\n  azure-native:location: swedencentral\n  azure-native:subscriptionId: 11111111-1111-4111-8111-111111111111\n  azure-native:tenantId: 22222222-2222-4222-8222-222222222222\n  network: closed\n  connections:\n    - { name: aoai, type: openAI, secret: key }\n  secrets: { key: { secure: "v1:c2VhbGVk" } }\n  images:\n    serving: { build: images/serving }\n  flows:\n    web:\n      arms:\n        blue: { version: current, weight: 100, image: serving }\n',
    },
    problems: [
      'Pulumi.prod.yaml:14:26  version is "current" in prod; a version number or approved; write approved, or the number of a registered version',
    ],
  },
];
