import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { splitDataset } from "../../packages/cli/experiment/dataset";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "genaiops-dataset-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const folder = () => path.join(root, "chunks");

function split(content: string | Buffer, columns: string[] = ["q"], size = 2) {
  writeFileSync(path.join(root, "d.jsonl"), content);
  return splitDataset({ root, file: "d.jsonl", columns, size, folder: folder() });
}

test("lines are written in pieces, byte order mark and line ends left out", async () => {
  const { lines, chunks } = await split('\ufeff{"q": 1}\r\n{"q": 2}\n{"q": "ü"}');
  expect(lines).toBe(3);
  expect(chunks.map(({ name, from, lines }) => [name, from, lines])).toEqual([
    ["chunk-0001", 0, 2],
    ["chunk-0002", 2, 1],
  ]);
  expect(chunks.map(({ file }) => readFileSync(file, "utf8"))).toEqual([
    '{"q": 1}\n{"q": 2}\n',
    '{"q": "ü"}\n',
  ]);
});

test("the same lines have the same hash, one changed byte has another", async () => {
  const { hash } = await split('{"q": 1}\n{"q": 2}\n');
  expect((await split('{"q": 1}\r\n{"q": 2}')).hash).toBe(hash);
  expect((await split('{"q": 1}\n{"q": 3}\n')).hash).not.toBe(hash);
});

test.each<[string, string | Buffer, string]>([
  ["no line", "", "d.jsonl:1:1  the dataset is empty"],
  ["half a line", '{"q": 1}\n{"q": ', "d.jsonl:2:1  the line is no JSON"],
  ["no object", '{"q": 1}\n[1]', "d.jsonl:2:1  the line is not a JSON object"],
  ["an empty line", '{"q": 1}\n\n{"q": 2}', "d.jsonl:2:1  the line is empty"],
  ["no column", '{"q": 1}\n{"a": 2}', 'd.jsonl:2:1  the line has no "q"'],
  ["latin-1", Buffer.from('{"q": "\xe9"}\n', "latin1"), "d.jsonl:1:1  the line is not UTF-8 text"],
  ["UTF-16", Buffer.from('\ufeff{"q": 1}\n', "utf16le"), "d.jsonl:1:1  the line is not UTF-8 text"],
])("%s is refused with its place, and nothing is left", async (_, content, message) => {
  await expect(split(content)).rejects.toThrow(message);
  expect(readdirSync(folder())).toEqual([]);
});

test("every wrong line is told, up to twenty", async () => {
  const told = await split("{}\n".repeat(100)).catch((error: Error) => error.message.split("\n"));
  expect(told).toHaveLength(20);
});

test("100 MB are read without being held in memory", async () => {
  const line = `${JSON.stringify({ q: "x".repeat(1010) })}\n`;
  writeFileSync(path.join(root, "d.jsonl"), line.repeat(100_000));
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 10);
  const { lines, chunks } = await splitDataset({
    root,
    file: "d.jsonl",
    columns: ["q"],
    size: 1000,
    folder: folder(),
  });
  clearInterval(timer);
  expect([lines, chunks.length]).toEqual([100_000, 100]);
  expect(most).toBeLessThan(80 * 1024 * 1024);
}, 30_000);
