import type { Interval } from "./statistics";

/** A number for people: as many places as tell something. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 || size === 0 ? 2 : 3;
  return String(Number(value.toFixed(places)));
}

export function signed(value: number): string {
  return value > 0 ? `+${plain(value)}` : plain(value).replace("-", "−");
}

export function range({ low, high }: Interval, write: (value: number) => string = plain): string {
  return `${write(low)} to ${write(high)}`;
}
