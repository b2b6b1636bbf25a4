import { Checker, checks, type Finding } from "../../src/checks/index.ts";
import { messageLimit, type NodeId } from "../../src/raft/index.ts";
import type { TraceEvent } from "../../src/trace/index.ts";
import { Stage } from "./stage.ts";

/** A course of events that shows a bug which chance would seldom meet. */
export interface Scenario {
  /** As a sentence: what happens. */
  readonly name: string;
  readonly size: number;
  readonly play: (stage: Stage) => void;
}

export interface Played {
  readonly events: number;
  readonly findings: readonly Finding[];
  /** Why it could not be played to its end; null if it was. */
  readonly stopped: string | null;
}

/** Plays a scenario under every check. Without a bug none of them finds anything. */
export function playScenario(
  { size, play }: Scenario,
  listener?: (event: TraceEvent) => void,
): Played {
  const checker = new Checker(checks);
  let events = 0;
  let stopped: string | null = null;
  try {
    play(
      new Stage(size, (event) => {
        checker.take(event);
        listener?.(event);
        events++;
        if (event.kind === "failed") stopped = `${event.node} failed`;
      }),
    );
  } catch (error) {
    stopped = error instanceof Error ? error.message : String(error);
  }
  return { events, findings: checker.findings, stopped };
}

export const scenarios: readonly Scenario[] = [
  {
    name: "a node that has voted restarts, and is asked by another candidate of that term",
    size: 3,
    play(stage) {
      stage.elect("n1", 1, ["n2"]);
      stage.loseAllBut();
      stage.restart("n2");
      stage.wake("n3");
      stage.sync("n3");
      stage.deliver("n3", "n2");
      stage.sync("n2");
    },
  },
  {
    name: "a vote of one election arrives in the next",
    size: 3,
    play(stage) {
      stage.wake("n1");
      stage.sync("n1");
      stage.deliver("n1", "n2");
      stage.sync("n2");
      stage.wake("n1");
      stage.sync("n1");
      stage.deliver("n2", "n1");
    },
  },
  {
    name: "an acknowledgement of one leadership arrives in a later one of the same node",
    size: 5,
    play(stage) {
      begin(stage);
      // n2 acknowledges two entries of term 1, which nobody hears for now.
      stage.request("n1");
      stage.request("n1");
      stage.sync("n1");
      stage.deliver("n1", "n2");
      stage.sync("n2");
      stage.loseAllBut(["n2", "n1"]);
      // n3, which has neither of them, leads term 2 and replaces the first on n1.
      stage.elect("n3", 2, ["n4", "n5"]);
      stage.deliver("n3", "n1");
      stage.sync("n1");
      stage.loseAllBut(["n2", "n1"]);
      // In term 3 n1 leads again. Its log is on n5, which makes two of five.
      stage.elect("n1", 3, ["n4", "n5"]);
      stage.talk("n1", "n5");
      stage.deliver("n2", "n1");
    },
  },
  {
    name: "an entry of an earlier term gets on a majority, and another leader replaces it (Figure 8)",
    size: 5,
    play(stage) {
      begin(stage);
      // (a) The entry at index 2 is on n1. It fills a request, so what follows it goes alone.
      stage.request("n1", messageLimit.characters);
      stage.sync("n1");
      stage.loseAllBut();
      // (b) n5 leads term 2, and has another entry at index 2.
      stage.restart("n1");
      stage.elect("n5", 2, ["n3", "n4"]);
      stage.sync("n5");
      stage.loseAllBut();
      stage.restart("n5");
      // (c) n1 leads term 3, and brings the entry of term 1 to n2 and n3, but not yet its own:
      // the first round tells it where their logs end.
      stage.elect("n1", 3, ["n2", "n3"]);
      for (const id of ["n2", "n3"]) {
        exchange(stage, "n1", id);
        exchange(stage, "n1", id);
      }
      stage.loseAllBut();
      // (d) n5 leads term 4 and replaces it everywhere.
      stage.restart("n1");
      stage.elect("n5", 4, ["n2", "n3"]);
      for (const id of ["n1", "n2", "n3", "n4"]) stage.talk("n5", id);
    },
  },
];

/** n1 leads term 1, and its first entry is on every disk. */
function begin(stage: Stage): void {
  stage.elect("n1", 1, ["n2", "n3"]);
  for (const id of ["n2", "n3", "n4", "n5"]) stage.talk("n1", id);
  stage.loseAllBut();
}

/** What is on its way from the one to the other arrives, and so does the answer. */
function exchange(stage: Stage, one: NodeId, other: NodeId): void {
  stage.deliver(one, other);
  stage.sync(other);
  stage.deliver(other, one);
}
