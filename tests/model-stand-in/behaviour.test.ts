import fc from "fast-check";
import { Behaviour } from "../../packages/model-stand-in/behaviour";
import { noRequests, settingsSchema } from "../../packages/model-stand-in/settings";

const arrival = { key: "stand-in", deployment: "chat", text: "" };

test("no window of the limit's length, from its opening, answers more than the limit", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }),
      (requests, gaps) => {
        const settings = settingsSchema.parse({ rateLimit: { requests, seconds: 1 } });
        const behaviour = new Behaviour(settings, noRequests());
        let at = 0;
        let opened = -Infinity;
        let answered = 0;
        for (const gap of gaps) {
          at += gap;
          const verdict = behaviour.meet({ ...arrival, at });
          if (at - opened >= 1000) {
            opened = at;
            answered = 0;
          }
          answered += verdict.kind === "answer" ? 1 : 0;
          expect(answered).toBeLessThanOrEqual(requests);
          if (verdict.kind === "rateLimited") {
            expect(at + verdict.retryAfterMilliseconds).toBe(opened + 1000);
          }
        }
      },
    ),
  );
});

test("a request with a wrong key uses up no allowance", () => {
  const behaviour = new Behaviour(
    settingsSchema.parse({ rateLimit: { requests: 1, seconds: 60 } }),
    noRequests(),
  );
  expect(behaviour.meet({ ...arrival, key: "other", at: 0 })).toEqual({ kind: "unauthorised" });
  expect(behaviour.meet({ ...arrival, at: 1 })).toEqual({ kind: "answer" });
  expect(behaviour.meet({ ...arrival, at: 2 })).toEqual({
    kind: "rateLimited",
    retryAfterMilliseconds: 59_999,
  });
});
