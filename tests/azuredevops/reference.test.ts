import * as fs from "node:fs";
import * as azuredevops from "@pulumi/azuredevops";
import type { ResourceDescription } from "../../packages/azuredevops/resource";
import { secretSettings } from "../../packages/azuredevops/providerSettings";
import { allOptional } from "./faces/face";
import { readOwnFace } from "./faces/ownFace";
import { readReferenceFace, referencePath } from "./faces/referenceFace";

const present = fs.existsSync(referencePath);
if (!present) {
  console.warn(
    `SKIPPED: every class against the provider's schema. ${referencePath} is absent; name the file ` +
      "in AZUREDEVOPS_SCHEMA.",
  );
}

(present ? describe : describe.skip)("the drop-in against the provider's schema", () => {
  const own = readOwnFace();
  const reference = present ? readReferenceFace() : undefined;
  const classes = Object.keys(own.resources);
  const functions = Object.keys(own.functions);

  function description(name: string): ResourceDescription {
    return (azuredevops as unknown as Record<string, { description: ResourceDescription }>)[name]!
      .description;
  }

  it("has the classes that the stack is made of", () => {
    expect(classes.sort()).toEqual([
      "BranchPolicyAutoReviewers",
      "BranchPolicyBuildValidation",
      "BranchPolicyCommentResolution",
      "BranchPolicyMergeTypes",
      "BranchPolicyMinReviewers",
      "BranchPolicyWorkItemLinking",
      "BuildDefinition",
      "BuildDefinitionPermissions",
      "BuildFolder",
      "BuildFolderPermissions",
      "CheckApproval",
      "CheckBranchControl",
      "CheckBusinessHours",
      "CheckExclusiveLock",
      "Environment",
      "Git",
      "GitPermissions",
      "GitRepositoryBranch",
      "GitRepositoryFile",
      "Group",
      "GroupMembership",
      "LibraryPermissions",
      "PipelineAuthorization",
      "Pool",
      "Project",
      "ProjectFeatures",
      "ProjectPermissions",
      "ProjectPipelineSettings",
      "Queue",
      "SecurityroleAssignment",
      "ServiceEndpointAzureRM",
      "ServicePrincipalEntitlement",
      "ServiceendpointPermissions",
      "Team",
      "User",
      "VariableGroup",
      "VariableGroupPermissions",
    ]);
  });

  it.each(classes)("%s: inputs, outputs and state", (name) => {
    expect(own.resources[name]).toEqual(reference?.resources[name]);
    expect(own.states[name]).toEqual(allOptional(reference?.resources[name]?.outputs ?? {}));
  });

  it.each(classes)("%s: token, roles, secrets and former types", (name) => {
    const { token, roles, secrets, formerTypes } = description(name);
    const { inputs, outputs } = reference!.resources[name]!;
    expect(token).toBe(reference?.tokens[name]);
    expect(roles).toEqual({
      ...Object.fromEntries(Object.keys(outputs).map((output) => [output, "computed"])),
      ...Object.fromEntries(
        Object.entries(inputs).map(([input, { required }]) => [
          input,
          required ? "required" : "optional",
        ]),
      ),
    });
    expect([...(secrets ?? [])].sort()).toEqual(reference?.secrets[name]);
    expect(formerTypes ?? []).toEqual(reference?.formerTypes[name]);
  });

  it.each(functions)("%s: inputs and results, plain and as outputs", (name) => {
    const { inputs, results } = own.functions[name]!;
    expect(inputs).toEqual(reference?.functions[name]?.inputs);
    expect(allOptional(results)).toEqual(reference?.functions[name]?.results);
    expect(own.outputFunctions[`${name}Output`]).toEqual({ inputs, results });
  });

  it("the provider's settings and which of them are secret", () => {
    expect(own.provider).toEqual(reference?.provider);
    expect([...secretSettings].sort()).toEqual(reference?.secretSettings.sort());
  });
});
