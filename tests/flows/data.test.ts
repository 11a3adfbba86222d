import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const flows = path.join(__dirname, "../../flows");
const read = (file: string) => readFileSync(path.join(flows, file), "utf8");
const lines = (file: string): Record<string, unknown>[] =>
  read(file)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

interface Page {
  url: string;
  text: string;
  category: string;
  evidence: string;
  key_terms: string[];
}

describe.each([
  ["curated", 60],
  ["mixed", 40],
])("web classification, %s", (name, count) => {
  const pages = lines(`web-classification/data/${name}.jsonl`) as unknown as Page[];

  test(`has ${count} pages, each address once`, () => {
    expect(new Set(pages.map(({ url }) => url)).size).toBe(count);
    expect(pages).toHaveLength(count);
  });

  test("names only categories that the prompts offer", () => {
    const offered = ["described", "by_example"].map((prompt) =>
      [
        ...read(`web-classification/prompts/classify_${prompt}.jinja2`).matchAll(/^- ([A-Z]\w+)/gm),
      ].map(([, category]) => category),
    );
    expect(offered[1]).toEqual(offered[0]);
    expect(offered[0]).toEqual(expect.arrayContaining(pages.map(({ category }) => category)));
  });

  test("expects terms that the page has, and evidence that it can have", () => {
    for (const { text, key_terms, evidence } of pages) {
      expect(key_terms.filter((term) => !text.toLowerCase().includes(term.toLowerCase()))).toEqual(
        [],
      );
      expect(["Url", "Text content", "Both"]).toContain(evidence);
    }
  });
});

test("web classification: ten curated pages of each category", () => {
  const categories = lines("web-classification/data/curated.jsonl").map(({ category }) => category);
  const counts = new Map(
    categories.map((name) => [name, categories.filter((other) => other === name).length]),
  );
  expect([...counts.values()]).toEqual([10, 10, 10, 10, 10, 10]);
});

test("entities stand in their sentences, and each type also has a sentence without any", () => {
  const sentences = lines("named-entity-recognition/data/sentences.jsonl") as {
    text: string;
    entity_type: string;
    entities: string[];
  }[];
  expect(sentences).toHaveLength(44);
  for (const { text, entities } of sentences) {
    expect(entities.filter((entity) => !text.includes(entity))).toEqual([]);
  }
  const empty = sentences.filter(({ entities }) => entities.length === 0);
  expect(new Set(empty.map(({ entity_type }) => entity_type))).toEqual(
    new Set(["person", "organisation", "place", "job title"]),
  );
});

test("every expected fact stands in the policies, save where there is none", () => {
  const policies = read("support-reply/policies.md").toLowerCase();
  const questions = lines("support-reply/data/questions.jsonl") as {
    topic: string;
    expected_facts: string[];
  }[];
  expect(questions).toHaveLength(42);
  const missing = questions
    .filter(({ topic }) => topic !== "none")
    .flatMap(({ expected_facts }) => expected_facts)
    .filter((fact) => !policies.includes(fact.toLowerCase()));
  expect(missing).toEqual([]);
});

test("every expected fact about the lighthouse stands in the section that is named, save where there is none", () => {
  const document = new Map(
    read("document-chat/document.md")
      .split(/^# /m)
      .map((block) => [block.slice(0, block.indexOf("\n")), block.toLowerCase()]),
  );
  const questions = lines("document-chat/data/questions.jsonl") as {
    chat_history: object[];
    section: string;
    expected_facts: string[];
  }[];
  expect(questions).toHaveLength(42);
  expect(questions.filter(({ chat_history }) => chat_history.length > 0)).toHaveLength(14);
  const missing = questions
    .filter(({ section }) => section !== "none")
    .flatMap(({ section, expected_facts }) =>
      expected_facts.filter((fact) => !document.get(section)?.includes(fact.toLowerCase())),
    );
  expect(missing).toEqual([]);
});

test.each([
  ["messages", 6],
  ["plain", 2],
])("ticket routing, %s: %d messages for each queue that the prompts offer", (name, each) => {
  const queues = lines(`ticket-routing/data/${name}.jsonl`).map(({ queue }) => queue);
  for (const prompt of ["described", "named"]) {
    const offered = [...read(`ticket-routing/prompts/${prompt}.txt`).matchAll(/^- ([\w ]+)/gm)];
    expect(offered.map(([, queue]) => queue)).toEqual([...new Set(queues)]);
    for (const [, queue] of offered)
      expect(queues.filter((one) => one === queue)).toHaveLength(each);
  }
});

test("no word problem is an example of the prompt, and none is asked twice", () => {
  const shown = [
    ...read("maths-coding/prompts/write_by_example.jinja2").matchAll(/<question>(.*)<\/question>/g),
  ].map(([, question]) => question);
  const asked = ["problems", "one_step"].flatMap((name) =>
    lines(`maths-coding/data/${name}.jsonl`).map(({ question }) => question),
  );
  expect(asked).toHaveLength(52);
  expect(new Set([...shown, ...asked]).size).toBe(shown.length + asked.length);
});

test.each(["web-classification", "named-entity-recognition", "maths-coding", "document-chat"])(
  "the sample request of %s has exactly the flow's inputs",
  (flow) => {
    const { inputs } = parse(read(`${flow}/flow.dag.yaml`)) as { inputs: object };
    expect(Object.keys(JSON.parse(read(`${flow}/sample-request.json`)))).toEqual(
      Object.keys(inputs),
    );
  },
);

test("every folder under flows/ has an experiment and a sample request", () => {
  const folders = readdirSync(flows);
  const complete = folders.filter((folder) => {
    const files = readdirSync(path.join(flows, folder));
    return files.includes("experiment.yaml") && files.includes("sample-request.json");
  });
  expect(complete).toEqual(folders);
});
