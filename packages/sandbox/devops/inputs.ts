import { z } from "zod";
import { isGuid } from "../ids";
import type { Check } from "./type";

/** The kinds of values that inputs hold, and checks that several types share. */

export const text = z.string().min(1);
export const anyText = z.string();
export const uuid = z.string().refine(isGuid, "must be an id (UUID)");
export const flag = z.boolean();
export const positive = z.int().min(1);
export const optionalText = anyText.optional();
/** `refs/heads/main`. */
export const branchRef = z
  .string()
  .regex(/^refs\/heads\/./, "must be a full ref: refs/heads/<branch>");
export const folder = z.string().regex(/^\\/, "must begin with a backslash");

/** At most one of some inputs may be given. */
export function excludes(...names: string[]): Check {
  return (inputs) => {
    const given = names.filter((name) => inputs[name] !== undefined);
    return given.length < 2
      ? []
      : [{ path: given[1] ?? "", reason: `cannot be set beside ${given[0] ?? ""}` }];
  };
}

/** One of some inputs must be given. */
export function needsOne(...names: string[]): Check {
  return (inputs) =>
    names.some((name) => inputs[name] !== undefined)
      ? []
      : [{ path: names[0] ?? "", reason: `or ${names.slice(1).join(" or ")} must be set` }];
}
