import { replyTo } from "../../packages/model-stand-in/reply";

const ask = (instruction: string, request: string) =>
  replyTo([
    { role: "system", content: instruction },
    { role: "user", content: request },
  ]);

const page =
  "<text>Evenings are long here. The wool blanket costs 89.00 and ships today. It is soft.</text>";

describe("summaries", () => {
  test.each([
    ["Summarise in one sentence.", "Evenings are long here."],
    ["Summarise the facts in one sentence.", "The wool blanket costs 89.00 and ships today."],
    [
      "Summarise the facts in two sentences.",
      "Evenings are long here. The wool blanket costs 89.00 and ships today.",
    ],
    ["Summarise in at most 6 words.", "Evenings are long here. The wool"],
  ])("%s", (instruction, summary) => {
    expect(ask(instruction, page)).toBe(summary);
  });
});

describe("classes", () => {
  const described =
    "Classify the page.\n- Shop: price, blanket, delivery\n- News: council, police\n- None\n";

  test("come from the descriptions in the prompt", () => {
    expect(
      ask(`${described}Answer with JSON only and the evidence. Write JSON and nothing else.`, page),
    ).toBe('{"category":"Shop","evidence":"Text content"}');
  });

  test("are unknown to a prompt that only names them", () => {
    expect(ask("Classify the page. JSON and nothing else.\n- Shop\n- None", page)).toBe(
      '{"category":"None"}',
    );
  });

  test("are learnt from examples", () => {
    const answer = replyTo([
      {
        role: "system",
        content: "Classify the page. JSON and nothing else.\n- Shop\n- News\n- None",
      },
      { role: "user", content: "<text>A blanket for 20.00.</text>" },
      { role: "assistant", content: '{"category": "Shop"}' },
      { role: "user", content: page },
    ]);
    expect(answer).toBe('{"category":"Shop"}');
  });

  test("are wrapped in talk where the prompt does not ask for JSON alone", () => {
    expect(ask(`${described}Answer as JSON.`, page)).toBe(
      'Here is my answer:\n{"category":"Shop"}',
    );
    expect(ask(described, page)).toBe("I would call this page Shop.");
  });

  test.each([
    ["<url>https://a.example/blanket</url><text>Council said so.</text>", "Shop", "Url"],
    ["<url>https://a.example/blanket</url><text>A price.</text>", "Shop", "Both"],
    ["<url>https://a.example/x</url><text>Hello.</text>", "None", "Text content"],
  ])("%s is %s by %s", (request, category, evidence) => {
    const answer = ask(`${described}Give the evidence. JSON and nothing else.`, request);
    expect(JSON.parse(answer)).toEqual({ category, evidence });
  });
});

describe("entities", () => {
  const text =
    "Dr Amara Vell met Nadim Osei in Skerry. Amara Vell works for the Harbour Trust as a head gardener.";
  const request = (type: string) => `<entity_type>${type}</entity_type><text>${text}</text>`;

  test.each([
    ["Extract, separated by commas.", "person", "Dr Amara Vell, Nadim Osei, Amara Vell"],
    ["Extract without titles, each once, separated by commas.", "person", "Amara Vell, Nadim Osei"],
    ["Extract, separated by commas.", "place", "Skerry"],
    ["Extract, separated by commas.", "organisation", "Harbour Trust"],
    ["Extract, separated by commas.", "job title", "head gardener"],
    ["Extract.", "place", "I found these:\n- Skerry"],
    ["Extract, separated by commas.", "river", "none"],
  ])("%s %s", (instruction, type, found) => {
    expect(ask(instruction, request(type))).toBe(found);
  });
});

describe("answers", () => {
  const request =
    "<passages>Returns are free. A refund takes 5 days. We sell lamps.</passages><question>How long does a refund take?</question>";

  test("keep to the passages when told so", () => {
    expect(ask("Answer only from the passages, in one sentence.", request)).toBe(
      "A refund takes 5 days.",
    );
    expect(
      ask("Answer only from the passages.", request.replace("refund take?", "whale swim?")),
    ).toBe("Our policies do not say, so a colleague will look into it and write back.");
  });

  test("refuse in the words that the prompt gives", () => {
    expect(
      ask(
        "Answer only from the passages; else say that the handbook\ndoes not tell.",
        request.replace("refund take?", "whale swim?"),
      ),
    ).toBe("The handbook does not tell.");
  });

  test("promise too much when not", () => {
    expect(ask("Greet the customer and answer in one sentence.", request)).toBe(
      "Thank you for your message. A refund takes 5 days. Most requests of this kind are settled within one " +
        "working day, and there is no charge.",
    );
  });
});

test.each([
  ["30 days free", "5"],
  ["30 days", "4"],
  ["a whale", "1"],
])("the judge rates %j with %s", (reply, rating) => {
  expect(
    ask("Rate the reply.", `<reference>30 days, free</reference><reply>${reply}</reply>`),
  ).toBe(rating);
});

describe("code", () => {
  const question = "<question>A row has 4 chairs and there are 6 rows. How many chairs?</question>";
  const shown = [
    { role: "user", content: "<question>A hall has 9 rows of 14 chairs.</question>" },
    { role: "assistant", content: "rows = 9\nanswer = rows * 14" },
    { role: "user", content: "<question>Of 200 pupils 15 percent walk.</question>" },
    { role: "assistant", content: "answer = 200 * 15 / 100" },
  ] as const;

  test("follows the example that is most like the question, with the question's numbers", () => {
    const messages = [
      { role: "system", content: "You write Python. Answer with the code alone." },
      ...shown,
      { role: "user", content: question },
    ] as const;
    expect(replyTo(messages)).toBe("rows = 4\nanswer = rows * 6");
  });

  test("follows a pattern that the prompt lists, where it takes as many numbers", () => {
    const listed = "- `a * b`: each, rows\n- `a - b`: left\n- `a * b + c`: rows and chairs";
    expect(ask(`Write Python, the code alone.\n${listed}`, question)).toBe("answer = 4 * 6");
  });

  test("knows no arithmetic of its own: it adds up", () => {
    expect(ask("Write Python, the code alone.", question)).toBe("answer = 4 + 6");
    expect(ask("Write Python.", question)).toMatch(/```python\nanswer = 4 \+ 6\n```$/);
  });
});

test.each([
  ["", "Where does the boat leave today?", "Where does the boat leave today?"],
  [
    "Visitor: What does a boat trip cost?\nGuide: 18 euros.\nVisitor: How long is it?\nGuide: An hour.",
    "And for children?",
    "What does a boat trip cost? How long is it? And for children?",
  ],
  [
    "Visitor: What does a boat trip cost?\nGuide: 18 euros.",
    "When was the lamp lit first?",
    "When was the lamp lit first?",
  ],
])("after %j, %j is rewritten as %j", (history, question, whole) => {
  const request = `<history>${history}</history><question>${question}</question>`;
  expect(ask("Rewrite the question.", request)).toBe(whole);
});

test("a request for nothing known gets its first sentence back", () => {
  expect(ask("Sing.", "One line. Another.")).toBe("One line.");
});
