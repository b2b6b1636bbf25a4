import { flightCaption } from "../flight-place.ts";
import type { FlightPicture } from "../protocol.ts";
import { freePlace, type Box, type Point } from "../ring-layout.ts";
import { move, Pool, say as tell, svg } from "./svg.ts";
import { textWidth } from "./text-size.ts";

/** While time runs, words beside more messages than these could not be read. */
const mostInMotion = 3;

/** The words beside the messages, where there is room for them. */
export class CaptionLayer {
  readonly element = svg("g", { class: "captions" });
  readonly #captions: Pool<number, Caption>;

  constructor() {
    this.#captions = new Pool(this.element, () => new Caption());
  }

  draw(
    points: ReadonlyMap<FlightPicture, Point>,
    isStill: boolean,
    space: { readonly width: number; readonly height: number },
    covered: () => readonly Box[],
  ): void {
    const worth = [...points].filter(([flight]) => isWorthWords(flight, isStill));
    if (worth.length === 0 || (!isStill && worth.length > mostInMotion)) return this.clear();
    const taken = [...covered()];
    // A message is as large as its words, and must not be covered either.
    for (const { x, y } of points.values()) {
      taken.push({ left: x - 9, top: y - 9, width: 18, height: 18 });
    }
    const placed = worth.flatMap(([flight, at]) => {
      const text = flightCaption(flight);
      const size = { width: textWidth(text, "10.5px mono") + 4, height: 14 };
      const side = this.#captions.get(flight.id)?.side ?? 0;
      const free = freePlace(at, size, taken, space, side);
      if (free === null) return [];
      taken.push(free.box);
      return [[flight.id, { text, ...free }] as const];
    });
    this.#captions.draw(placed, (caption, { text, box, side }) => {
      caption.side = side;
      tell(caption.element, text);
      move(caption.element, box.left + 2, box.top + 11);
    });
  }

  clear(): void {
    this.#captions.draw([], () => {});
  }
}

class Caption {
  readonly element = svg("text", { class: "caption mono" });
  /** On which side of its message it stands: there it stays while there is room. */
  side = 0;
}

/** What says the same again and again needs no words. */
function isWorthWords({ kind, entries, success, end }: FlightPicture, isStill: boolean): boolean {
  if (end !== null && end.how !== "received") return false;
  if (kind === "AppendEntries" && entries === 0) return false;
  return isStill || kind !== "AppendEntriesReply" || success === false;
}
