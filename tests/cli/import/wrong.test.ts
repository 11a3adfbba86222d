import { Place, section } from "./place";
import type { Outcome } from "./place";
import { deployment } from "./wrong/deployment";
import { experiment } from "./wrong/experiment";
import { folder } from "./wrong/folder";
import { KEY } from "./wrong/wrong";

jest.setTimeout(120_000);

const place = new Place();
const before = place.tree;
afterAll(() => place.remove());

const said = (done: Outcome) => [...section(done, "Changed"), ...section(done, "Needs a decision")];
let usual: Set<string>;
beforeAll(async () => {
  usual = new Set(said(await place.bring({ dryRun: true })));
});

test.each([...experiment, ...deployment, ...folder])("$fault", async (wrong) => {
  place.renew();
  wrong.make(place);
  // What is refused writes nothing by itself.
  const done = await place.bring({ dryRun: wrong.outcome !== "refused" });
  const lines = done.refused
    ? done.text.split("\n")
    : said(done).filter((line) => !usual.has(line));
  const outcome = done.refused ? "refused" : done.valid ? "valid" : "open";
  expect({ outcome, said: lines }).toEqual({ outcome: wrong.outcome, said: wrong.said });
  expect(done.text).not.toContain(KEY);
  expect(place.tree).toEqual(before);
});
