import { unreachable } from "../raft/index.ts";
import type {
  ClosedBecause,
  EventLine,
  FlightPicture,
  PanelUpdate,
  Picture,
  PictureChange,
  Selection,
  Strings,
  TapeChange,
  TapePicture,
} from "./protocol.ts";

/** All that the page knows. What did not change with an update stays the same object. */
export interface Model {
  readonly phase: "loading" | "closed" | "open";
  readonly closedBecause: ClosedBecause | null;
  readonly strings: Strings;
  /** Null unless `open`. */
  readonly picture: Picture | null;
  /** What the user has selected; the host tells what is known of it as `picture.detail`. */
  readonly selection: Selection | null;
  /** What could not be done last, and why. */
  readonly refusal: string | null;
  /** There was a cluster before the window was loaded anew. */
  readonly hadCluster: boolean;
}

export const loading: Model = {
  phase: "loading",
  closedBecause: null,
  strings: {},
  picture: null,
  selection: null,
  refusal: null,
  hadCluster: false,
};

/** How many lines and messages are kept: more is neither seen nor needed. */
const keptEvents = 300;
const keptStrands = 500;
const keptMarks = 3000;
/** For how long a message that landed is still drawn if what is drawn lags behind. */
const landedShownMillis = 1500;

export function modelAfter(model: Model, update: PanelUpdate): Model {
  switch (update.kind) {
    case "closed": {
      const { why, strings } = update;
      const { hadCluster } = model;
      return { ...loading, phase: "closed", closedBecause: why, strings, hadCluster };
    }
    case "opened": {
      const { picture, strings } = update;
      const open = {
        phase: "open",
        closedBecause: null,
        refusal: null,
        hadCluster: false,
      } as const;
      return { ...model, ...open, strings, picture };
    }
    case "moved": {
      if (model.picture === null) return model;
      const { picture, tape } = update;
      const before = model.picture.tape;
      const known = tape === undefined ? before : tapeAfter(before, tape);
      return { ...model, refusal: null, picture: { ...picture, tape: known } };
    }
    case "changed":
      if (model.picture === null) return model;
      return { ...model, picture: pictureAfter(model.picture, update.change) };
    case "refused":
      return { ...model, refusal: update.text };
    default:
      return unreachable(update);
  }
}

/** The picture with its changed parts in place of the old ones. */
export function pictureAfter(picture: Picture, change: PictureChange): Picture {
  const { source, members, clock, nodes, cutLinks, ledger, tape, events, findings, detail, tour } =
    change;
  return {
    ...picture,
    ...(source === undefined ? {} : { source }),
    ...(clock === undefined ? {} : { clock }),
    ...(cutLinks === undefined ? {} : { cutLinks }),
    ...(ledger === undefined ? {} : { ledger }),
    ...(findings === undefined ? {} : { findings }),
    ...(detail === undefined ? {} : { detail }),
    ...(tour === undefined ? {} : { tour }),
    ...(members === undefined ? {} : { members }),
    ...(nodes === undefined && members === undefined
      ? {}
      : { nodes: nodesAfter(picture, members ?? picture.members, nodes ?? []) }),
    ...(tape === undefined ? {} : { tape: tapeAfter(picture.tape, tape) }),
    ...(events === undefined ? {} : { events: eventsAfter(picture.events, events) }),
    ...flightsAfter(picture, change),
  };
}

/** A node for each member, as it is now. */
function nodesAfter(
  { nodes }: Pick<Picture, "nodes">,
  members: Picture["members"],
  changed: Picture["nodes"],
): Picture["nodes"] {
  const byId = new Map([...nodes, ...changed].map((node) => [node.id, node]));
  return members.flatMap(({ id }) => byId.get(id) ?? []);
}

/**
 * A message that landed stays for a while, with its end: the page draws a little behind the host,
 * and a message must be seen to arrive.
 */
function flightsAfter(
  picture: Picture,
  { flights = [], landed = [], clock }: PictureChange,
): Pick<Picture, "flights" | "strands"> {
  if (flights.length === 0 && landed.length === 0) {
    const { strands } = picture;
    return { flights: withoutOld(picture.flights, clock?.time), strands };
  }
  const time = (clock ?? picture.clock).time;
  const gone = new Set(landed);
  const merged = merge(picture.flights, flights).map((flight) =>
    gone.has(flight.id) ? arrived(flight, time) : flight,
  );
  const strands = merge(picture.strands, flights).map((flight) =>
    gone.has(flight.id) ? arrived(flight, time) : flight,
  );
  return { flights: withoutOld(merged, time), strands: strands.slice(-keptStrands) };
}

function arrived(flight: FlightPicture, time: number): FlightPicture {
  if (flight.end !== null) return flight;
  const end = Math.min(time, flight.arrival ?? time);
  return { ...flight, end: { time: end, how: "received" } };
}

function withoutOld(
  flights: readonly FlightPicture[],
  time: number | undefined,
): readonly FlightPicture[] {
  if (time === undefined) return flights;
  const isOld = ({ end }: FlightPicture) => end !== null && end.time < time - landedShownMillis;
  return flights.some(isOld) ? flights.filter((flight) => !isOld(flight)) : flights;
}

/** Those before with those that replace them, then those that are new, in the order of sending. */
function merge(
  before: readonly FlightPicture[],
  changed: readonly FlightPicture[],
): readonly FlightPicture[] {
  const byId = new Map(before.map((flight) => [flight.id, flight]));
  for (const flight of changed) byId.set(flight.id, flight);
  return [...byId.values()];
}

function eventsAfter(
  before: readonly EventLine[],
  added: readonly EventLine[],
): readonly EventLine[] {
  const last = before.at(-1)?.seq ?? -1;
  return [...before, ...added.filter(({ seq }) => seq > last)].slice(-keptEvents);
}

function tapeAfter(before: TapePicture, change: TapeChange): TapePicture {
  const { start, end, terms = [], marks = [], lanes = {} } = change;
  const all = { ...before.lanes };
  for (const [id, stretches] of Object.entries(lanes)) {
    all[id] = since(start, [...(all[id] ?? []), ...stretches]);
  }
  return {
    start,
    end,
    terms: terms.length === 0 ? before.terms : since(start, [...before.terms, ...terms]),
    marks:
      marks.length === 0
        ? before.marks
        : [...before.marks, ...marks].filter(({ time }) => time >= start).slice(-keptMarks),
    lanes: all,
  };
}

/** Without those that had ended by `start`. */
function since<Item extends { readonly from: number }>(
  start: number,
  items: readonly Item[],
): readonly Item[] {
  const first = items.findLastIndex(({ from }) => from <= start);
  return first > 0 ? items.slice(first) : items;
}
