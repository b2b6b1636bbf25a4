import type { TourStanding } from "./api.ts";
import type { Parts } from "./parts.ts";
import type { Tour } from "./tour.ts";

/** Shows the guided tour on the panel, from its first stop. */
export async function startTour(_raw: unknown, parts: Parts): Promise<TourStanding | undefined> {
  await parts.tours.start();
  return standing(parts);
}

export const tourNext = moving((tour) => tour.next());
export const tourBack = moving((tour) => tour.back());

export function endTour(_raw: unknown, { tours }: Parts): void {
  tours.end();
}

function moving(
  move: (tour: Tour) => void,
): (raw: unknown, parts: Parts) => TourStanding | undefined {
  return (_raw, parts) => {
    parts.tours.go(move);
    return standing(parts);
  };
}

function standing({ tours }: Parts): TourStanding | undefined {
  const picture = tours.tour?.picture() ?? null;
  if (picture === null) return undefined;
  const { stop, count, title, isEnd } = picture;
  return { stop, count, title, isEnd };
}
