import { linePart, signPart, strandOf, type Strand, type StrandLook } from "../strand-paths.ts";
import { Pool, set, svg, termColour } from "./svg.ts";
import type { LanesScene } from "./tape-lanes.ts";
import { laneY } from "./tape-shape.ts";

/** The messages of the window, oldest first. */
export function strandsOf({ picture, shape, window, scale }: LanesScene): readonly Strand[] {
  const lanes = new Map(picture.nodes.map(({ id }, place) => [id, laneY(shape, place)]));
  const { time } = picture.clock;
  const scene = { scale, window, time, laneOf: (id: string) => lanes.get(id) };
  return picture.strands.flatMap((flight) => {
    const strand = strandOf(flight, scene);
    return strand === null ? [] : [strand];
  });
}

/** One path for all messages of the same look and colour: hundreds cost no more than a few. */
export class StrandLayer {
  readonly element: SVGGElement;
  readonly #paths: Pool<string, StrandPath>;

  constructor(className: string) {
    this.element = svg("g", { class: `strands ${className}` });
    this.#paths = new Pool(this.element, () => new StrandPath());
  }

  draw(strands: readonly Strand[]): void {
    const bundles = new Map<string, Bundle>();
    for (const strand of strands) {
      const { flight, look, isLost } = strand;
      const key = `${look} ${(flight.term - 1) % 6}`;
      const bundle = bundles.get(key) ?? {
        look,
        term: flight.term,
        lines: [],
        signs: [],
        lost: [],
      };
      bundles.set(key, bundle);
      bundle.lines.push(linePart(strand));
      (isLost ? bundle.lost : bundle.signs).push(signPart(strand));
    }
    this.#paths.draw(bundles, (path, bundle) => path.draw(bundle));
  }
}

interface Bundle {
  readonly look: StrandLook;
  readonly term: number;
  readonly lines: string[];
  readonly signs: string[];
  readonly lost: string[];
}

class StrandPath {
  readonly element = svg("g");
  readonly #lines = svg("path", { class: "strand-line" });
  readonly #signs = svg("path", { class: "strand-sign" });
  readonly #lost = svg("path", { class: "strand-lost" });

  constructor() {
    this.element.append(this.#lines, this.#signs, this.#lost);
  }

  draw({ look, term, lines, signs, lost }: Bundle): void {
    set(this.element, { class: `strand is-${look}` });
    this.element.style.setProperty("--term", termColour(term));
    set(this.#lines, { d: lines.join("") });
    set(this.#signs, { d: signs.join("") });
    set(this.#lost, { d: lost.join("") });
  }
}
