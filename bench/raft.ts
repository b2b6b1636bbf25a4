/**
 * How many entries a second do three nodes agree on, with nothing between them?
 *
 * Messages are handed over directly and the disk is done at once, so what is measured is the
 * algorithm alone (`bare`), and with every event recorded and every check on (`checked`).
 */
import { checks, Checker } from "../src/checks/index.ts";
import { Driver, type World } from "../src/driver/index.ts";
import {
  lastIndex,
  lastTerm,
  logOf,
  paperTiming,
  RaftNode,
  type Entry,
  type Input,
  type Log,
  type Message,
  type NodeId,
} from "../src/raft/index.ts";
import { Recorder } from "../src/trace/index.ts";
import { median } from "./median.ts";

/** Three nodes, of which one leads, that can be given commands. */
interface Trio {
  /** Proposes `count` commands one after another and returns when all are committed. */
  agree(count: number): void;
}

export interface RaftFigure {
  readonly kind: "bare" | "checked";
  readonly inFlight: number;
  readonly logLength: number;
  /** Entries a second: the median of the rounds. */
  readonly rate: number;
}

const members: readonly NodeId[] = ["n1", "n2", "n3"];
const command = `{"data": "${"x".repeat(52)}"}`;
const roundMillis = 250;
const rounds = 7;

/** Measures all of them in turn, several times, so that a slow moment of the machine hits all. */
export function measureRaft(): readonly RaftFigure[] {
  const cases = (["bare", "checked"] as const).flatMap((kind) =>
    [1, 64].flatMap((inFlight) =>
      [1_000, 100_000].map((logLength) => ({ kind, inFlight, logLength, rates: [] as number[] })),
    ),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const each of cases) {
      const trio = (each.kind === "bare" ? bareTrio : checkedTrio)(logWith(each.logLength));
      const rate = rateOf(trio, each.inFlight);
      // The first round warms up.
      if (round > 0) each.rates.push(rate);
    }
  }
  return cases.map(({ rates, ...about }) => ({ ...about, rate: median(rates) }));
}

function rateOf(trio: Trio, inFlight: number): number {
  const start = performance.now();
  let entries = 0;
  let now = start;
  while (now - start < roundMillis) {
    trio.agree(inFlight);
    entries += inFlight;
    now = performance.now();
  }
  return (entries * 1000) / (now - start);
}

const logs = new Map<number, Log>();

function logWith(length: number): Log {
  const known = logs.get(length);
  if (known !== undefined) return known;
  const entry: Entry = { kind: "command", term: 1, command };
  const log = logOf(Array.from({ length }, () => entry));
  logs.set(length, log);
  return log;
}

/** RaftNodes whose effects are carried out on the spot. */
function bareTrio(log: Log): Trio {
  const options = { members, timing: paperTiming, seed: 1, now: 0 };
  const saved = { currentTerm: 1, votedFor: null, log };
  const nodes = new Map(members.map((id) => [id, new RaftNode({ ...options, id, saved })]));
  const leader = nodes.get("n1");
  if (leader === undefined) throw new Error("there is no n1");
  const queue: Message[] = [];

  const step = (node: RaftNode, input: Input): void => {
    const effects = node.step(input, now);
    let saves = false;
    for (const effect of effects) {
      if (effect.kind === "save") saves = true;
      else if (effect.kind === "send") queue.push(effect.message);
    }
    if (!saves) return;
    const { currentTerm, log: written } = node.state;
    const [index, term] = [lastIndex(written), lastTerm(written)];
    step(node, { kind: "saved", currentTerm, index, term });
  };
  const deliverAll = (): void => {
    for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
      const node = nodes.get(message.to);
      if (node !== undefined) step(node, { kind: "receive", message });
    }
  };
  const now = leader.nextDeadline;
  step(leader, { kind: "wake" });
  deliverAll();
  return {
    agree(count) {
      const wanted = lastIndex(leader.state.log) + count;
      for (let i = 0; i < count; i++) step(leader, { kind: "propose", commands: [command] });
      deliverAll();
      if (leader.state.commitIndex < wanted) throw new Error("not all was committed");
    },
  };
}

/** Drivers in worlds that are one queue, with a recorder and every check. */
function checkedTrio(log: Log): Trio {
  const checker = new Checker(checks);
  let time = 0;
  const recorder = new Recorder(() => time);
  recorder.subscribe((event) => checker.take(event));
  const queue: (() => void)[] = [];
  const drivers = new Map<NodeId, Driver>();
  const alarms = new Map<NodeId, number>();
  let sent = 0;
  for (const id of members) {
    const world: World = {
      now: () => time,
      wakeAt: (at) => void alarms.set(id, at),
      send(message) {
        const number = sent++;
        recorder.node(id, { kind: "sent", id: number, message, arrival: time });
        queue.push(() => drivers.get(message.to)?.receive(number, message));
      },
      save: (_changes, saved) => void queue.push(saved),
      apply: () => {},
      restore: () => {},
      record: (happening) => recorder.node(id, happening),
      stopped: () => {
        throw new Error(`${id} stopped`);
      },
    };
    const saved = { currentTerm: 1, votedFor: null, log };
    const given = { id, members, timing: paperTiming, seed: 1, saved, action: null };
    drivers.set(id, new Driver({ ...given, world }));
  }
  const leader = drivers.get("n1");
  if (leader === undefined) throw new Error("there is no n1");
  const work = (): void => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) next();
  };
  time = alarms.get("n1") ?? 0;
  leader.wake();
  work();
  let asked = 0;
  return {
    agree(count) {
      const wanted = lastIndex(leader.state.log) + count;
      for (let i = 0; i < count; i++) leader.request([{ id: `a${asked++}`, command }]);
      work();
      if (leader.state.commitIndex < wanted) throw new Error("not all was committed");
      if (checker.findings.length > 0) throw new Error(checker.findings[0]?.text);
    },
  };
}
