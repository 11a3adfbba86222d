import * as pulumi from "@pulumi/pulumi";
import * as keyvault from "@pulumi/azure-native/keyvault";
import { recordPlan } from "../../../packages/cli/plan/record";

/** Programs that fail, each in its own way. Prints the message of each as JSON. */
const vaultArgs = {
  resourceGroupName: "rg",
  properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
} as const;

const programs: Record<string, () => unknown> = {
  throws: () => raise("at once"),
  "rejects in an input": () => {
    new keyvault.Vault("vault", { ...vaultArgs, location: Promise.reject(new Error("no place")) });
  },
  "throws inside apply": () => {
    const vault = new keyvault.Vault("vault", vaultArgs);
    return { never: vault.id.apply((): string => raise("inside apply")) };
  },
  "names two resources the same": () => {
    new keyvault.Vault("same", vaultArgs);
    new keyvault.Vault("same", vaultArgs);
  },
  "asks a function that has no answer": () => pulumi.runtime.invoke("shop:index:unknown", {}),
  "logs an error": () => void pulumi.log.error("wrong"),
};

const args = {
  project: "shop",
  stack: "dev",
  config: {},
  secretKeys: [],
  answers: {
    computed: () => [],
    invoke: async (token: string) => raise(`no answer to ${token}`),
  },
};

function raise(message: string): never {
  throw new Error(message);
}

async function main(): Promise<void> {
  const messages: Record<string, string> = {};
  for (const [name, program] of Object.entries(programs)) {
    messages[name] = await recordPlan(program, args).then(
      () => "no error",
      (error: Error) => error.message,
    );
  }
  messages["stack traces"] = String(Error.stackTraceLimit);
  const { plan } = await recordPlan(() => void new keyvault.Vault("vault", vaultArgs), args);
  messages["the next plan"] = `${plan.resources.length} resources`;
  process.stdout.write(JSON.stringify(messages));
  // What a failed program left pending is reported as a leak when the process ends by itself.
  process.exit(0);
}

void main();
