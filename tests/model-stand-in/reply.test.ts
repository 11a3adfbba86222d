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

test("a request for nothing known gets its first sentence back", () => {
  expect(ask("Sing.", "One line. Another.")).toBe("One line.");
});
