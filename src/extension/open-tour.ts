import type { Member } from "../cluster/index.ts";
import { Exploration } from "../exploration/index.ts";
import { recordTour, stopsOf, type Say, type TourStop } from "../tour/index.ts";
import { namesOf } from "./names.ts";
import { shortName } from "./panel-nodes.ts";

/** The run of the guided tour, ready to be shown. */
export interface OpenTour {
  readonly exploration: Exploration;
  readonly members: readonly Member[];
  readonly seed: number;
  readonly stops: readonly TourStop[];
}

/** How many events are taken before others get their turn. */
const sliceLength = 100;

/** Records the run and names its nodes as the panel does. Others get their turn in between. */
export async function openTour(say: Say): Promise<OpenTour> {
  const recorded = await inSlices(recordTour());
  const { events, members, seed } = recorded;
  const exploration = new Exploration();
  for (const event of events) {
    exploration.take(event);
    if (exploration.count % sliceLength === 0) await turnOfOthers();
  }
  const named = namesOf(members);
  const stops = stopsOf(recorded, (id) => shortName(named(id)), say);
  return { exploration, members, seed, stops };
}

async function inSlices<Result>(steps: Generator<void, Result>): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await turnOfOthers();
  }
}

function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
