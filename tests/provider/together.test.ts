import { inParallel, Sequences } from "../../packages/provider/together";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("work goes on in order with at most so many at once", async () => {
  let open = 0;
  let most = 0;
  const results = await inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++open);
    await turn();
    open--;
    return item * 10;
  });
  expect([results, most]).toEqual([[10, 20, 30, 40, 50], 2]);
});

test("after a failure nothing more starts, and what runs is waited for", async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const work = inParallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
    started.push(item);
    if (item === 1) throw new Error("one failed");
    await turn();
    ended.push(item);
  });
  await expect(work).rejects.toThrow("one failed");
  expect([started, ended]).toEqual([[1, 2], [2]]);
});

test("the same key runs one after the other, also behind a failure", async () => {
  const sequences = new Sequences();
  const seen: string[] = [];
  const failing = sequences.run("a", async () => {
    await turn();
    seen.push("first");
    throw new Error("first failed");
  });
  const second = sequences.run("a", async () => void seen.push("second"));
  const other = sequences.run("b", async () => void seen.push("other"));
  await expect(failing).rejects.toThrow("first failed");
  await Promise.all([second, other]);
  expect(seen).toEqual(["other", "first", "second"]);
});
