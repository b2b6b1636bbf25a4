import { svg } from "./svg.ts";

const colours = 6;

/**
 * Diagonal stripes in the colour of each term. A picture needs its own: stripes that stand in
 * another one vanish when that is hidden, which is what the prefix is for.
 */
export function hatchPatterns(prefix: string, width: number): SVGDefsElement {
  const patterns = Array.from({ length: colours }, (_, at) =>
    svg(
      "pattern",
      {
        id: `${prefix}${at + 1}`,
        width: 6,
        height: 6,
        patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)",
      },
      svg("path", {
        d: "M0 0v6",
        stroke: `var(--term${at + 1})`,
        "stroke-width": width,
        class: "hatch-line",
      }),
    ),
  );
  return svg("defs", {}, ...patterns);
}

/** What fills an element with the stripes of a term. */
export function hatchOf(prefix: string, term: number): string {
  return `url(#${prefix}${term < 1 ? 1 : ((term - 1) % colours) + 1})`;
}
