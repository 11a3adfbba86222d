import type { FlowKind } from "../../../config/experiment";

/** What a person does with a flow that was just made. */
export function nextSteps(flow: string, kind: FlowKind, files: readonly string[]): string {
  const steps = kind === "container" ? containerSteps(flow) : promptFlowSteps(flow);
  return [
    `flows/${flow}: ${files.length} files`,
    ...files.map((file) => `  ${file}`),
    "",
    "Next:",
    ...steps,
    "",
  ].join("\n");
}

function promptFlowSteps(flow: string): string[] {
  return [
    `  1. Say where the model is, in .env: aoai={"api_key": "…", "api_base": "https://….openai.azure.com/"}`,
    `  2. genaiops run ${flow} --env dev`,
    `     genaiops evaluate ${flow} --env dev`,
    `     genaiops report ${flow} --env dev`,
    `  3. Make it yours: prompts, data/ and evaluations/; genaiops validate ${flow} tells what does not fit.`,
    `  4. Serve it: in Pulumi.dev.yaml, under flows,`,
    ...arms(flow),
  ];
}

function containerSteps(flow: string): string[] {
  return [
    `  1. docker build --tag ${flow} flows/${flow} && docker run --rm --publish 8080:8080 ${flow}`,
    `  2. curl --data @flows/${flow}/sample-request.json http://localhost:8080/score`,
    `  3. Make it yours; genaiops validate ${flow} tells what does not fit.`,
    `  4. Serve it: in Pulumi.dev.yaml, under images,`,
    `       ${flow}: { build: flows/${flow} }`,
    `     and under flows,`,
    ...arms(flow, `, image: ${flow}`),
  ];
}

function arms(flow: string, more = ""): string[] {
  return [
    `       ${flow}:`,
    `         arms:`,
    `           blue: { version: current, weight: 100${more} }`,
  ];
}
