import fc from "fast-check";
import { coresNeeded } from "../../config/quota";
import { settingsSchema } from "../../config/settings";
import { coresOf, quotaOf } from "../../config/vmSizes";

/** Lines of the documentation's table: size, cores, and whether the reserve is skipped. */
test.each([
  ["Standard_DS1_v2", 1, false],
  ["Standard_DS3_v2", 4, false],
  ["STANDARD_DS5_V2", 16, false],
  ["Standard_D2as_v4", 2, false],
  ["Standard_D96a_v4", 96, false],
  ["Standard_E64s_v3", 64, false],
  ["Standard_F72s_v2", 72, false],
  ["Standard_FX12mds", 12, false],
  ["Standard_L80as_v3", 80, false],
  ["Standard_NC4as_T4_v3", 4, false],
  ["Standard_NC24s_v3", 24, false],
  ["Standard_NC48ads_A100_v4", 48, true],
  ["Standard_NC80adis_H100_v5", 80, true],
  ["Standard_ND40rs_v2", 40, true],
  ["Standard_ND96isr_H100_v5", 96, true],
  ["Standard_NV6ads_A10_v5", 6, false],
  ["Standard_NV36adms_A10_v5", 36, false],
])("%s has %i cores; Azure holds none back: %s", (size, cores, exempt) => {
  expect(coresOf(size)).toBe(cores);
  expect(quotaOf(size, 10)).toBe((exempt ? 10 : 12) * cores);
});

test("a size that is not on the list is not guessed", () => {
  expect(coresOf("Standard_D3as_v4")).toBeUndefined();
  expect(quotaOf("constructor", 1)).toBeUndefined();
});

test("the documentation's example: 10 instances of Standard_DS3_v2 need 48 cores", () => {
  expect(quotaOf("Standard_DS3_v2", 10)).toBe(48);
});

test("whatever the number, a whole VM more than a fifth is never asked for, and a fifth always", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (instances) => {
      const held = quotaOf("Standard_DS1_v2", instances) as number;
      expect(held * 10).toBeGreaterThanOrEqual(instances * 12);
      expect((held - 1) * 10).toBeLessThan(instances * 12);
    }),
  );
});

const settings = (flows: unknown) => settingsSchema.parse({ network: "open", flows });

test("two arms need the sum, at their largest; only managed ones count", () => {
  const arms = {
    blue: { version: 1, weight: 90, instance: "Standard_DS3_v2", instances: 3 },
    green: { version: 2, weight: 10, instance: "Standard_NC24ads_A100_v4" },
  };
  // 3 become 4 VMs of 4 cores; 1 of 24 cores needs no reserve.
  expect(coresNeeded(settings({ web: { arms } }))).toEqual({ cores: 40, unknown: [] });
  const scale = {
    min: 1,
    max: 5,
    schedule: [{ name: "day", days: ["Monday"], from: "08:00", to: "18:00", min: 5, max: 10 }],
  };
  expect(coresNeeded(settings({ web: { arms, scale } }))).toEqual({
    cores: 12 * 4 + 10 * 24,
    unknown: [],
  });
  expect(coresNeeded(settings({ web: { target: "kubernetes", arms } }))).toEqual({
    cores: 0,
    unknown: [],
  });
  const odd = { blue: { ...arms.blue, instance: "Standard_X1" } };
  expect(coresNeeded(settings({ web: { arms: odd } }))).toEqual({
    cores: 0,
    unknown: ["Standard_X1"],
  });
});
