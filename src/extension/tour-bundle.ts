import type * as tourEntry from "./node/tour-entry.ts";

/** All that the guided tour is made of, in a bundle of its own. */
export type TourBundle = typeof tourEntry;

/** Loads it at the first call. */
export function loadTourBundle(): Promise<TourBundle> {
  return import("./node/tour-entry.ts");
}
