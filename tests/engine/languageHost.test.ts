import { copyOfProgram, previewAsUser } from "./support/project";

/**
 * The Node language host is a download of its own. What it does is start `@pulumi/pulumi/cmd/run` with
 * the options of Pulumi.yaml; a stand-in does just that here, and the engine runs the program through it.
 */
test("the engine previews the stack through cmd/run with the options of Pulumi.yaml", async () => {
  const { output, runtime, runs } = await previewAsUser(copyOfProgram());
  expect(runtime).toEqual({
    name: "nodejs",
    options: { typescript: false, nodeargs: "--require @genaiops/typescript" },
  });
  expect(runs.map((run) => [run.exitCode, run.output])).toEqual([[0, ""]]);
  expect(runs[0]?.arguments.slice(0, 2)).toEqual(["--require", "@genaiops/typescript"]);
  expect(output).toMatch(/genaiops:index:EndpointSettings web-classification.settings create/);
  expect(output).toMatch(/\+ \d+ to create\n/);
});
