/** Where the parts of the tape stand, in pixels. */
export interface TapeShape {
  readonly isNarrow: boolean;
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly height: number;
  /** Of the signs above the terms. */
  readonly marks: number;
  readonly band: number;
  readonly bandHeight: number;
  /** Where the lanes begin and end; of no use in the narrow page, which has none. */
  readonly lanes: number;
  readonly lane: number;
  readonly lanesEnd: number;
  /** So low that there is room for lines only, neither words nor messages. */
  readonly isDense: boolean;
}

const mostTallLanes = 9;

export function tapeShape(nodes: number, width: number, isNarrow: boolean): TapeShape {
  const isDense = nodes > mostTallLanes;
  const lane = isDense ? Math.max(3, 110 / nodes) : 22;
  const base = { isNarrow, width, isDense, lane };
  if (isNarrow) {
    const places = { marks: 11, band: 20, bandHeight: 16, lanes: 0, lanesEnd: 40 };
    return { ...base, ...places, left: 12, right: width - 12, height: 56 };
  }
  const lanes = 52;
  const lanesEnd = lanes + nodes * lane;
  return {
    ...base,
    left: 58,
    right: width - 14,
    marks: 14,
    band: 22,
    bandHeight: 15,
    lanes,
    lanesEnd,
    height: Math.ceil(lanesEnd + 24),
  };
}

/** The middle of a lane. */
export function laneY({ lanes, lane }: TapeShape, place: number): number {
  return lanes + (place + 0.5) * lane;
}
