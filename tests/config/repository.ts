import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The smallest repository without a problem: one stack with one flow, its data and an evaluator. */
const SOUND: Readonly<Record<string, string>> = {
  "Pulumi.dev.yaml": `config:
  azure-native:location: swedencentral
  azure-native:subscriptionId: 11111111-1111-4111-8111-111111111111
  azure-native:tenantId: 22222222-2222-4222-8222-222222222222
  network: open
  openAI: { mode: create }
  connections:
    - name: aoai
      type: azureOpenAI
  secrets:
    search-key: { secure: "v1:c2VhbGVk" }
  images:
    serving: { build: images/serving }
  armDefaults: { image: serving }
  flows:
    web:
      arms:
        blue: { version: 3, weight: 90 }
        green: { version: approved, weight: 10, variant: summarize.short }
`,
  "Pulumi.test.yaml": "config:\n  network: open\n",
  "images/serving/Dockerfile": "FROM scratch\n",
  "flows/web/experiment.yaml": `name: web
flow: web
connections:
  - name: aoai
    connection_type: AzureOpenAIConnection
    api_base: \${api_base}
    api_key: \${api_key}
datasets:
  - name: train
    source: data/train.jsonl
    mappings:
      url: \${data.url}
evaluators:
  - name: accuracy
    flow: evaluations/accuracy
    datasets:
      - reference: train
        mappings:
          truth: \${data.answer}
          answer: \${run.outputs.category}
`,
  "flows/web/flow.dag.yaml": `inputs:
  url: { type: string }
outputs:
  category: { type: string, reference: "\${classify.output}" }
nodes:
  - name: summarize
    use_variants: true
  - name: classify
    connection: aoai
node_variants:
  summarize:
    default_variant_id: long
    variants:
      long: { node: {} }
      short: { node: {} }
`,
  "flows/web/data/train.jsonl": '{"url": "https://example.com", "answer": "News"}\n',
  "flows/web/evaluations/accuracy/flow.dag.yaml": `inputs:
  truth: { type: string }
  answer: { type: string }
outputs: {}
nodes: []
`,
};

/** Files to write instead of, or beside, the sound ones; `null` leaves one out. */
export type Files = Readonly<Record<string, string | Buffer | null>>;

/** One change of a sound file: a text that stands in it once, and its replacement. */
export interface Edit {
  readonly file?: string;
  readonly from: string;
  readonly to: string;
}

export interface Repository {
  readonly root: string;
  remove(): void;
}

/** Write a repository into a new temporary folder. */
export function repository(
  edits: readonly Edit[] = [],
  files: Files = {},
  links: Readonly<Record<string, string>> = {},
): Repository {
  const root = mkdtempSync(path.join(tmpdir(), "genaiops-config-"));
  const all: Record<string, string | Buffer | null> = { ...SOUND, ...files };
  for (const { file = "Pulumi.dev.yaml", from, to } of edits) {
    const text = String(all[file]);
    if (text.split(from).length !== 2) {
      throw new Error(`${JSON.stringify(from)} does not stand exactly once in ${file}`);
    }
    all[file] = text.replace(from, () => to);
  }
  for (const [file, content] of Object.entries(all)) {
    if (content !== null) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), content);
    }
  }
  for (const [link, target] of Object.entries(links)) {
    mkdirSync(path.dirname(path.join(root, link)), { recursive: true });
    symlinkSync(target, path.join(root, link));
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
