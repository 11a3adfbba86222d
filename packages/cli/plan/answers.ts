import type { Answers } from "../../sandbox/monitor";

/** What Azure would compute, as references. */
export function answersFor(environment: string): Answers {
  return {
    computed: () => [],
    invoke(token, args) {
      if (token !== "genaiops:index:approvedVersions") {
        throw new Error(`the plan has no answer to the function ${token}`);
      }
      const models = args["models"] as string[];
      return {
        versions: Object.fromEntries(
          models.map((model) => [model, `\${approved:${environment}/${model}}`]),
        ),
      };
    },
  };
}
