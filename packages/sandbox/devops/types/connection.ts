import { z } from "zod";
import { guid } from "../../ids";
import { refuse } from "../../rules/rule";
import { anyText, excludes, flag, needsOne, optionalText, text, uuid } from "../inputs";
import { signInOf } from "../signIn";
import type { Check, Facts, Rule, Types } from "../type";

/** learn.microsoft.com/azure/devops/pipelines/library/connect-to-azure; limits as the provider checks them. */

const named: Check = (inputs) =>
  (["Subscription", "ManagementGroup"] as const).flatMap((scope) =>
    (inputs[`azurerm${scope}Id`] === undefined) === (inputs[`azurerm${scope}Name`] === undefined)
      ? []
      : [{ path: `azurerm${scope}Id`, reason: `and azurerm${scope}Name go together` }],
  );

/** Validation runs inside create, before anybody can trust the new connection's issuer and subject. */
const validates: Rule = (facts) => {
  if ((facts.inputs.features as { validate?: boolean } | undefined)?.validate !== true)
    return undefined;
  const refused = signInOf(facts.world, {
    kind: "ServiceEndpointAzureRM",
    id: facts.id,
    properties: { ...facts.inputs, ...federation(facts) },
  });
  return refused === undefined
    ? undefined
    : refuse(400, "EndpointValidation", `the connection was deleted again: ${refused}`);
};

/**
 * Issuer and subject of a workload identity federation. Neither can be foreseen by a caller:
 * learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity.
 */
function federation({ world, id, inputs }: Facts): Record<string, string> {
  if (inputs.serviceEndpointAuthenticationScheme !== "WorkloadIdentityFederation")
    return { workloadIdentityFederationIssuer: "", workloadIdentityFederationSubject: "" };
  const hidden = guid("federation", id).replaceAll("-", "").slice(0, 22);
  return {
    workloadIdentityFederationIssuer: `https://login.microsoftonline.com/${world.azure.tenantId}/v2.0`,
    workloadIdentityFederationSubject: `/eid1/c/pub/t/${hidden}/a/${hidden.slice(4)}/${id}`,
  };
}

export const connectionTypes: Types = {
  ServiceEndpointAzureRM: {
    inputs: z.strictObject({
      azurermManagementGroupId: text.optional(),
      azurermManagementGroupName: text.optional(),
      azurermSpnTenantid: uuid,
      azurermSubscriptionId: uuid.optional(),
      azurermSubscriptionName: text.optional(),
      credentials: z
        .strictObject({
          serviceprincipalcertificate: optionalText,
          serviceprincipalid: uuid,
          serviceprincipalkey: optionalText,
        })
        .optional(),
      description: anyText.default("Managed by Terraform"),
      environment: z
        .enum([
          "AzureCloud",
          "AzureChinaCloud",
          "AzureUSGovernment",
          "AzureGermanCloud",
          "AzureStack",
        ])
        .default("AzureCloud"),
      features: z.strictObject({ validate: flag.default(false) }).optional(),
      projectId: uuid,
      resourceGroup: text.optional(),
      serverUrl: text.default("https://management.azure.com/"),
      serviceEndpointAuthenticationScheme: z
        .enum(["WorkloadIdentityFederation", "ManagedServiceIdentity", "ServicePrincipal"])
        .default("ServicePrincipal"),
      serviceEndpointName: text,
    }),
    checks: [
      excludes("azurermSubscriptionId", "azurermManagementGroupId"),
      needsOne("azurermSubscriptionId", "azurermManagementGroupId"),
      excludes("credentials", "resourceGroup"),
      named,
    ],
    replaces: [
      "environment",
      "projectId",
      "resourceGroup",
      "serverUrl",
      "serviceEndpointAuthenticationScheme",
    ],
    unique: ["projectId"],
    secrets: ["credentials.serviceprincipalcertificate", "credentials.serviceprincipalkey"],
    references: { projectId: "Project" },
    writeRules: [validates],
    computed: {
      authorization: ({ inputs }) => ({
        scheme: inputs.serviceEndpointAuthenticationScheme,
        tenantid: inputs.azurermSpnTenantid,
      }),
      servicePrincipalId: ({ inputs, id }) =>
        (inputs.credentials as { serviceprincipalid?: string } | undefined)?.serviceprincipalid ??
        guid("application", id),
      workloadIdentityFederationIssuer: (facts) =>
        federation(facts).workloadIdentityFederationIssuer,
      workloadIdentityFederationSubject: (facts) =>
        federation(facts).workloadIdentityFederationSubject,
    },
  },
};
