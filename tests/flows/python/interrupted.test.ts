import { existsSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { ended, Repository } from "./experiment";
import { managedPython } from "./support";

const python = managedPython();
const key = "canary-8f2c";
let standIn: ModelStandIn;
beforeAll(async () => {
  standIn = await startModelStandIn({ key });
});
afterAll(() => standIn.close());
const connection = () => ({ AOAI_API_KEY: key, AOAI_API_BASE: standIn.url });

/** 24 lines in one dataset, three variants: 72 lines, one request each, in chunks of eight. */
function entities(): Repository {
  const made = new Repository("named-entity-recognition", python!);
  made.edit("data/sentences.jsonl", (text) => `${text.split("\n").slice(0, 24).join("\n")}\n`);
  repositories.push(made);
  return made;
}
const repositories: Repository[] = [];
afterAll(() => repositories.forEach((each) => each.remove()));

const flags = ["--chunk", "8", "--parallel", "2"];
const LINES = 72;
const IN_FLIGHT = 2 * 8;

function finished(repository: Repository): number {
  const runs = repository.path(".genaiops/runs/named-entity-recognition");
  if (!existsSync(runs)) return 0;
  return readdirSync(runs, { recursive: true }).filter((name) => /chunk-\d+$/.test(String(name)))
    .length;
}

(python === undefined ? describe.skip : describe)("an interrupted run", () => {
  let whole: string;
  beforeAll(async () => {
    const repository = entities();
    await repository.genaiops("run", flags, connection());
    whole = csv(repository);
  });

  /** All results without what differs from run to run: seconds. */
  function csv(repository: Repository): string {
    const folder = ".genaiops/results/named-entity-recognition/dev/runs";
    return readdirSync(repository.path(folder))
      .sort()
      .map((file) => repository.read(folder, file).replace(/,[\d.e-]+,(\d+,\d+)\r/g, ",$1\r"))
      .join("\n");
  }

  test.each([
    ["SIGKILL", 0],
    ["SIGKILL", 1],
    ["SIGKILL", 3],
    ["SIGINT", 5],
    ["SIGKILL", 8],
  ] as const)(
    "killed by %s after %d chunks, goes on; only chunks in flight are paid for twice",
    async (signal, after) => {
      const repository = entities();
      standIn.configure({ key, latencyMilliseconds: 100 });
      const before = standIn.counters().answered;
      const child = repository.start("run", flags, connection());
      const first = ended(child);
      while (child.exitCode === null && (finished(repository) < after || asked(before) === 0)) {
        await sleep(20);
      }
      child.kill(signal);
      const { err } = await first;
      if (signal === "SIGINT") {
        expect(err).toContain("Stopped. The same command goes on from the last finished chunk.");
      }
      await quiet();
      standIn.configure({ key });
      const done = finished(repository);
      expect(done).toBeGreaterThanOrEqual(after);

      const second = await repository.genaiops("run", flags, connection());
      const counts =
        /^3 runs in 9 chunks; (\d+) chunks done before; (\d+) to run; (?:none was broken off|(\d) of them broken off before: at most (\d+) lines are paid for twice)$/m.exec(
          second.err,
        );
      expect(second.code).toBe(0);
      expect(counts?.slice(1, 3).map(Number)).toEqual([done, 9 - done]);
      const said = Number(counts?.[4] ?? 0);
      expect(said).toBeLessThanOrEqual(IN_FLIGHT);
      const twice = asked(before) - LINES;
      expect(twice).toBeGreaterThanOrEqual(0);
      expect(twice).toBeLessThanOrEqual(said);
      expect(csv(repository)).toBe(whole);
    },
  );

  const asked = (before: number) => standIn.counters().answered - before;

  /** Until nothing asks the model any more: the workers end with the command. */
  async function quiet(): Promise<void> {
    for (let last = -1; standIn.counters().requests !== last;) {
      last = standIn.counters().requests;
      await sleep(600);
    }
  }

  test("a second command on the same flow is refused while the first runs", async () => {
    const repository = entities();
    standIn.configure({ key, latencyMilliseconds: 300 });
    const child = repository.start("run", flags, connection());
    const first = ended(child);
    while (!existsSync(repository.path(".genaiops/runs/named-entity-recognition/lock"))) {
      await sleep(20);
    }
    const second = await repository.genaiops("run", flags, connection());
    standIn.configure({ key });
    expect(second).toEqual({
      code: 3,
      out: "",
      err: `Process ${child.pid} is working on this flow already; wait for it or end it.\n`,
    });
    expect((await first).code).toBe(0);
  });
});

(python === undefined ? describe.skip : describe)("a model that refuses", () => {
  afterEach(() => standIn.configure({ key }));

  test("a rate limit is waited for: every line is answered", async () => {
    standIn.configure({ key, rateLimit: { requests: 12, seconds: 1 } });
    const limited = standIn.counters().rateLimited;
    const { code, out } = await entities().genaiops("run", [], connection());
    expect({ code, out }).toEqual({
      code: 0,
      out: ["default", "extract_entities.variant_0", "extract_entities.variant_2"]
        .map((name) => `entity_sentences.${name}: 24 of 24 lines\n`)
        .join(""),
    });
    expect(standIn.counters().rateLimited).toBeGreaterThan(limited);
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      "a wrong key",
      () => ({ ...connection(), AOAI_API_KEY: "canary-wrong" }),
      /experiment\.yaml:4:1 {2}the model refused: .*AuthenticationError.*401/,
    ],
    [
      "nobody at the address",
      () => ({ ...connection(), AOAI_API_BASE: "http://127.0.0.1:9" }),
      /experiment\.yaml:4:1 {2}the model refused: .*APIConnectionError/,
    ],
  ])("%s stops at once, at its place, and leaves no results", async (_, given, message) => {
    const repository = entities();
    const before = standIn.counters().requests;
    const { code, out, err } = await repository.genaiops(
      "run",
      ["--chunk", "1", "--parallel", "2"],
      given(),
    );
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toContain("canary");
    expect(standIn.counters().requests - before).toBeLessThanOrEqual(4);
    expect(existsSync(repository.path(".genaiops/results"))).toBe(false);
  });

  test("lines that the model breaks on are told, and run again on request", async () => {
    const repository = entities();
    standIn.configure({ key, fault: { kind: "garbage", every: 20 } });
    const broken = await repository.genaiops("run", flags, connection());
    expect(broken.code).toBe(0);
    expect(broken.out).toMatch(/failed$/m);
    standIn.configure({ key });
    const kept = await repository.genaiops("run", flags, connection());
    expect(kept.out).toBe(broken.out);
    const again = await repository.genaiops("run", [...flags, "--retry-failed"], connection());
    expect(again.out).not.toMatch(/failed/);
  });
});
