import type { Edit, Files } from "../repository";
import { EVALUATING, type Wrong } from "./wrong";

const dockerfile: Files = {
  "images/flow/Dockerfile": "ARG SERVING_IMAGE\nFROM ${SERVING_IMAGE}\nCOPY flow/ /flow/\n",
};
const serving = "    serving: { build: images/serving }\n";
const holding = (image: string): Edit => ({ from: serving, to: `${serving}    held: ${image}\n` });
const sound = holding("{ flow: web, from: serving }");
const arm = (settings: string): Edit => ({
  from: "blue: { version: 3, weight: 90 }",
  to: `blue: { ${settings}, weight: 90 }`,
});

/** Wrong images that hold a flow, and wrong uses of them. */
export const images: readonly Wrong[] = [
  {
    name: "no problem: this checkout",
    edits: [sound, arm("version: current, image: held")],
    files: dockerfile,
    problems: [],
  },
  {
    name: "a flow without an image under it",
    edits: [holding("{ flow: web }")],
    files: dockerfile,
    problems: [
      'Pulumi.dev.yaml:14:5  images.held is a mapping with flow; digest (an image that exists), build (a folder with a Dockerfile), or flow and from (a flow laid over another image); correct "held"',
    ],
  },
  {
    name: "an unknown flow over an unknown image",
    edits: [holding("{ flow: wbe, from: servign }")],
    files: dockerfile,
    problems: [
      'Pulumi.dev.yaml:14:19  unknown flow "wbe"; a name under flows; did you mean "web"?',
      'Pulumi.dev.yaml:14:30  unknown image "servign"; a name under images; did you mean "serving"?',
    ],
  },
  {
    name: "a flow over an image that holds one",
    edits: [holding("{ flow: web, from: more }\n    more: { flow: web, from: serving }")],
    files: dockerfile,
    problems: [
      'Pulumi.dev.yaml:14:30  the image "more" holds a flow itself; an image with digest or build; write one of "serving"',
    ],
  },
  {
    name: "a container in place of a flow",
    edits: [sound, { from: ", variant: summarize.short", to: "" }],
    files: {
      ...dockerfile,
      "flows/web/flow.dag.yaml": null,
      "flows/web/Dockerfile": "FROM scratch\n",
    },
    problems: [
      "Pulumi.dev.yaml:14:19  the flow web is a container, which is an image of its own; a DAG or flex flow; write build: <folder of its Dockerfile> in place of flow and from",
    ],
  },
  {
    name: "no Dockerfile to lay a flow over an image",
    edits: [sound],
    problems: [
      'Pulumi.dev.yaml:14:5  there is no file "images/flow/Dockerfile"; a file that exists in the repository; correct the path or add what is missing',
    ],
  },
  {
    name: "another base in that Dockerfile",
    edits: [sound],
    files: { "images/flow/Dockerfile": "FROM python:3.11\nARG SERVING_IMAGE\n" },
    problems: [
      'images/flow/Dockerfile:1:6  the image "python:3.11" is not named by digest; <image>@sha256:<64 hexadecimal digits>; a tag can move to other bytes; write the digest that `docker buildx imagetools inspect python:3.11` prints',
    ],
  },
  {
    name: "versions that an image of this checkout does not hold",
    edits: [
      sound,
      arm("version: 3, image: held"),
      { from: "version: approved, weight: 10", to: "version: approved, weight: 10, image: held" },
    ],
    files: dockerfile,
    problems: [
      'Pulumi.dev.yaml:19:26  version is 3 with the image "held", which holds this checkout of the flow; current; or the versions of another environment, each with the image that it was evaluated in; write image: serving, which serves the files of any version, or take versions by promotion',
      'Pulumi.dev.yaml:20:27  version is "approved" with the image "held", which holds this checkout of the flow; current; or the versions of another environment, each with the image that it was evaluated in; write image: serving, which serves the files of any version, or take versions by promotion',
    ],
  },
  {
    name: "another flow in an image, by the default of all arms",
    edits: [
      sound,
      { from: "armDefaults: { image: serving }", to: "armDefaults: { image: held }" },
      {
        from: "  flows:\n",
        to: "  flows:\n    other:\n      arms:\n        one: { version: current, weight: 100 }\n        two: { version: current, weight: 0, image: held }\n",
      },
      arm("version: current"),
      { from: "version: approved", to: "version: current" },
    ],
    files: {
      ...dockerfile,
      "flows/other/experiment.yaml": "name: other\nflow: other\n",
      "flows/other/flow.dag.yaml": "inputs: {}\noutputs: {}\nnodes: []\n",
    },
    problems: ["one:19:9", "two:20:52"].map((place) => {
      const [, line, column] = place.split(":");
      return `Pulumi.dev.yaml:${line}:${column}  the image "held" holds the flow web, and serves no other; an image that holds other, or one that serves any flow; write image: serving`;
    }),
  },
  {
    name: "another flow in an image of another environment",
    edits: [
      { from: "  network: open\n", to: "  network: open\n  promotion: { from: test }\n" },
      { from: `  images:\n${serving}`, to: "" },
      arm("version: 3, image: held"),
    ],
    files: { "Pulumi.test.yaml": `${EVALUATING}    held: { flow: other, from: serving }\n` },
    problems: [
      'Pulumi.dev.yaml:17:36  the image "held" holds the flow other, and serves no other; an image that holds web, or one that serves any flow; write image: serving',
    ],
  },
  {
    name: "no problem: versions of another environment, each in its image",
    edits: [
      {
        from: "  network: open\n",
        to: "  network: open\n  promotion: { from: test }\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n",
      },
      {
        from: `  images:\n${serving}  armDefaults: { image: serving }\n`,
        to: "  armDefaults: { image: held }\n",
      },
      { from: "    web:\n", to: "    web:\n      target: webApp\n" },
    ],
    files: { "Pulumi.test.yaml": `${EVALUATING}    held: { flow: web, from: serving }\n` },
    problems: [],
  },
];
