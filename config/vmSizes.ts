/**
 * Cores of the sizes that managed endpoints take, by the family's pattern: each number stands at `#`. In most
 * names it is the number of cores.
 * Source: DOC/reference-managed-online-endpoints-vm-sku-list.md
 */
const FAMILIES: readonly (readonly [pattern: string, numbers: string])[] = [
  ["D#as_v4", "2 4 8 16 32 48 64 96"],
  ["D#a_v4", "2 4 8 16 32 48 64 96"],
  ["E#s_v3", "2 4 8 16 32 48 64"],
  ["F#s_v2", "2 4 8 16 32 48 64 72"],
  ["FX#mds", "4 12 24 36 48"],
  ["L#as_v3", "8 16 32 48 64 80"],
  ["L#s_v2", "8 16 32 48 64 80"],
  ["L#s_v3", "8 16 32 48 64 80"],
  ["NC#ads_A100_v4", "24 48 96"],
  ["NC#as_T4_v3", "4 8 16 64"],
  ["NC#s_v2", "6 12 24"],
  ["NC#s_v3", "6 12 24"],
  ["NC#ads_H100_v5", "40"],
  ["NC#adis_H100_v5", "80"],
  ["ND#amsr_A100_v4", "96"],
  ["ND#asr_v4", "96"],
  ["ND#rs_v2", "40"],
  ["ND#is_H100_v5", "96"],
  ["ND#isr_H100_v5", "96"],
  ["NV#ads_A10_v5", "6 12 18 36 72"],
  ["NV#adms_A10_v5", "36"],
];

/** Sizes whose number is no number of cores. */
const CORES: Readonly<Record<string, number>> = {
  standard_ds1_v2: 1,
  standard_ds2_v2: 2,
  standard_ds3_v2: 4,
  standard_ds4_v2: 8,
  standard_ds5_v2: 16,
  ...Object.fromEntries(
    FAMILIES.flatMap(([pattern, numbers]) =>
      numbers
        .split(" ")
        .map((number) => [
          `standard_${pattern.replace("#", number)}`.toLowerCase(),
          Number(number),
        ]),
    ),
  ),
};

/** Families of which no fifth is held back for upgrades: "Skip 20% Reservation" on the same page. */
const UNRESERVED = /^standard_(nc\d+ad(i?)s_(a100_v4|h100_v5)|nd\d+)/;

/** Cores of one VM; undefined for a size that managed endpoints are not known to take. */
export function coresOf(size: string): number | undefined {
  const name = size.toLowerCase();
  return Object.hasOwn(CORES, name) ? CORES[name] : undefined;
}

/**
 * Cores of quota that so many instances of a size need: a fifth more of them is held back for upgrades, for
 * most sizes (DOC/includes/quota-allocation-online-deployment.md). Undefined where the size is not known.
 */
export function quotaOf(size: string, instances: number): number | undefined {
  const cores = coresOf(size);
  if (cores === undefined) return undefined;
  // In tenths, so that ten instances need twelve and not thirteen.
  const held = UNRESERVED.test(size.toLowerCase()) ? instances : Math.ceil((instances * 12) / 10);
  return held * cores;
}
