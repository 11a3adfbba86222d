import {
  approvedVersionsToken,
  promotedVersionsToken,
  type ApprovedVersionsArgs,
  type PromotedArm,
  type PromotedVersionsArgs,
} from "../../provider/tokens";
import { symbolicLookUp } from "../../sandbox/devops/symbolic";
import type { Answers } from "../../sandbox/recording";
import { computedOutputs } from "../../sandbox/translate";
import { table } from "../../sandbox/types/table";

/** Where versions stand: those that are approved, and those that another environment let through. */
export interface Versions {
  /** A model without an approved version is absent. */
  approved(args: ApprovedVersionsArgs): Promise<Record<string, number | string>>;
  /** By `<flow>.<arm>`. */
  promoted(args: PromotedVersionsArgs): Promise<Record<string, Symbolic>>;
}

/** What an arm deploys; a plan without Azure has a reference as its version. */
type Symbolic = Omit<PromotedArm, "version"> & { readonly version: number | string };

/**
 * What the cloud would answer. By default each approved version, and each image of a version that another
 * environment evaluated, is a reference that `pulumi preview` resolves against Azure.
 */
export function answersFor(versions: Versions = symbolicVersions): Answers {
  return {
    computed: (token) =>
      token in table ? [...computedOutputs(token), ...(ofWhatIsRead[token] ?? [])] : [],
    async invoke(token, args) {
      if (token === approvedVersionsToken) {
        return { versions: await versions.approved(args as unknown as ApprovedVersionsArgs) };
      }
      if (token === promotedVersionsToken) {
        return { arms: await versions.promoted(args as unknown as PromotedVersionsArgs) };
      }
      const found = symbolicLookUp(token, args);
      if (!found) throw new Error(`the plan has no answer to the function ${token}`);
      return found;
    },
  };
}

const symbolicVersions: Versions = {
  approved: async ({ environment, models }) =>
    Object.fromEntries(models.map((model) => [model, `\${approved:${environment}/${model}}`])),

  promoted: async ({ from, environment, containerRegistry, arms }) => {
    const server = containerRegistry.slice(containerRegistry.lastIndexOf("/") + 1).toLowerCase();
    return Object.fromEntries(
      arms.map(({ flow, arm, model, version, image }) => {
        const digest = `\${approved:${from}/${model}/${image}}`;
        const reference = `${server}.azurecr.io/${image}@${digest}`;
        return [
          `${flow}.${arm}`,
          {
            version: version === "approved" ? `\${approved:${environment}/${model}}` : version,
            hash: "",
            passed: "",
            image: { reference, repository: image, digest, imported: true },
          },
        ];
      }),
    );
  },
};

/** Inputs of what this program never writes and only reads. */
const ofWhatIsRead: Readonly<Record<string, readonly string[]>> = {
  "azure-native:machinelearningservices:ModelVersion": ["properties.modelUri"],
};
