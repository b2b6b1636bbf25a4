/**
 * Pictures of the panel at moments worth looking at, made by simulated clusters: what the page is
 * tried with outside VS Code.
 */
import { Checker, checks } from "../../src/checks/index.ts";
import type { Action } from "../../src/cluster/index.ts";
import { Exploration } from "../../src/exploration/index.ts";
import type { PanelUpdate, Source, TourPicture } from "../../src/panel/index.ts";
import type { NodeId } from "../../src/raft/index.ts";
import { fairWeather, Simulator } from "../../src/simulator/index.ts";
import { leaderIn } from "../../src/trace/index.ts";
import { standInForVscode } from "../unit/extension/vscode-stand-in.ts";

standInForVscode();
const { PanelSession } = await import("../../src/extension/panel-session.ts");

/** The timing and the weather of the preset watch. */
const timing = { electionTimeoutMillis: { min: 1200, max: 4800 }, heartbeatMillis: 600 };
const weather = { ...fairWeather, delay: { min: 300, max: 600 }, disk: { min: 5, max: 20 } };

/** A cluster that is simulated, explored, and looked at by one panel. */
export class SampleCluster {
  readonly simulator: Simulator;
  readonly exploration = new Exploration();
  readonly session: InstanceType<typeof PanelSession>;
  source: Source = { kind: "live", paused: false };
  #actions = 0;

  constructor(size: number, seed: number, delay = weather.delay) {
    this.simulator = new Simulator({ seed, size, timing, weather: { ...weather, delay } });
    const checker = new Checker(checks, (finding) => this.exploration.note(finding));
    this.simulator.subscribe((event) => {
      this.exploration.take(event);
      checker.take(event);
    });
    this.session = new PanelSession({
      exploration: this.exploration,
      members: this.simulator.members,
      source: () => this.source,
    });
  }

  get leader(): NodeId | undefined {
    return leaderIn(this.exploration.moment(this.exploration.count).view)?.id;
  }

  act(action: Action): void {
    this.simulator.act(`a${this.#actions++}`, action);
  }

  run(millis: number, enough: () => boolean = () => false): void {
    this.simulator.runUntil(this.simulator.now + millis, enough);
  }

  submit(count: number, every: number): void {
    for (let at = 0; at < count; at++) {
      this.act({ kind: "submit", node: null, command: `{"x": ${this.#actions}}` });
      this.run(every);
    }
  }

  /** Runs until a leader was elected whose first entry is committed. */
  elect(): void {
    this.run(60_000, () => this.leader !== undefined);
    this.run(2500);
  }

  /** Someone who does not lead. */
  follower(place: number): NodeId {
    const others = this.simulator.members.map(({ id }) => id).filter((id) => id !== this.leader);
    return others.at(place % others.length) ?? "n1";
  }

  /** The panel as it stands. */
  update(): PanelUpdate {
    this.session.reset();
    const update = this.session.nextUpdate();
    if (update === undefined) throw new Error("a panel that knows nothing is told everything");
    return update;
  }

  /** Time stands still from now on, as it must for a picture. */
  pause(): this {
    this.source = { kind: "live", paused: true };
    return this;
  }
}

function healthy(size: number, seed = 7): SampleCluster {
  const cluster = new SampleCluster(size, seed);
  cluster.elect();
  cluster.submit(4, 700);
  return cluster;
}

/** The leader crashes, another is elected and takes some entries, and the first comes back. */
function succession(cluster: SampleCluster, entries: number): void {
  const old = cluster.leader ?? "n1";
  cluster.act({ kind: "crash", node: old });
  cluster.run(60_000, () => cluster.leader !== undefined && cluster.leader !== old);
  cluster.run(2000);
  cluster.act({ kind: "restart", node: old });
  cluster.submit(entries, 700);
  cluster.run(1500);
}

/**
 * Entries of several terms; a follower whose log conflicts and whose refusals are lost on a link
 * that is cut one way; one node down; entries on their way.
 */
function normal(): SampleCluster {
  const cluster = healthy(5, 4);
  succession(cluster, 3);
  const old = cluster.leader ?? "n1";
  // Nobody hears the leader, so what it is given now stays with it.
  const others = cluster.simulator.members.map(({ id }) => id).filter((id) => id !== old);
  for (const to of others) cluster.act({ kind: "cutLink", from: old, to });
  cluster.run(1000);
  for (const command of ['{"x": 90}', '{"x": 91}']) {
    cluster.act({ kind: "submit", node: old, command });
  }
  cluster.run(200);
  cluster.act({ kind: "crash", node: old });
  for (const to of others) cluster.act({ kind: "healLink", from: old, to });
  const next = () => cluster.leader !== undefined && cluster.leader !== old;
  cluster.run(60_000, next);
  cluster.submit(3, 800);
  cluster.run(1500);
  const second = cluster.leader ?? "n1";
  cluster.act({ kind: "crash", node: second });
  cluster.run(60_000, () => next() && cluster.leader !== second);
  cluster.act({ kind: "cutLink", from: old, to: cluster.leader ?? "n1" });
  cluster.run(1500);
  cluster.act({ kind: "restart", node: old });
  cluster.run(900);
  cluster.submit(1, 1500);
  cluster.submit(1, 420);
  return cluster;
}

function election(): SampleCluster {
  const cluster = healthy(5, 11);
  succession(cluster, 3);
  cluster.act({ kind: "crash", node: cluster.leader ?? "n1" });
  const hasVotes = () => {
    const update = cluster.update();
    const nodes = update.kind === "opened" ? update.picture.nodes : [];
    return nodes.some(({ ballots }) => {
      return Object.values(ballots ?? {}).filter((ballot) => ballot === "granted").length > 1;
    });
  };
  cluster.run(20_000, hasVotes);
  return cluster;
}

/** The leader is cut off with one follower; the others elect another. */
function partition(neighbour: number): SampleCluster {
  const cluster = healthy(5, 23);
  succession(cluster, 2);
  const old = cluster.leader ?? "n1";
  const ids = cluster.simulator.members.map(({ id }) => id);
  const minority = new Set([old, ids.at((ids.indexOf(old) + neighbour) % ids.length) ?? "n1"]);
  for (const from of ids) {
    for (const to of ids) {
      if (minority.has(from) !== minority.has(to)) cluster.act({ kind: "cutLink", from, to });
    }
  }
  cluster.act({ kind: "submit", node: old, command: '{"lost": 1}' });
  cluster.run(20_000, () => cluster.leader !== old);
  cluster.act({ kind: "submit", node: old, command: '{"lost": 2}' });
  cluster.run(900);
  cluster.submit(2, 700);
  return cluster;
}

/** What a violation looks like: the finding is made up, for the core has none to offer. */
function violation(): SampleCluster {
  const cluster = healthy(5, 31);
  const events = cluster.exploration.events(0, cluster.exploration.count);
  const [first, second] = events.filter(({ kind }) => kind === "committed");
  const at = events.at(-40);
  if (first === undefined || second === undefined || at === undefined)
    throw new Error("too few events");
  cluster.exploration.note({
    check: "leader-completeness",
    text: "n4 leads term 2 without entry 3 of term 1, which n2 had committed.",
    at,
    because: [first, second],
  });
  return cluster;
}

function many(size: number): SampleCluster {
  const cluster = new SampleCluster(size, 5, { min: 100, max: 300 });
  cluster.elect();
  cluster.submit(12, 300);
  cluster.act({ kind: "crash", node: cluster.follower(3) });
  cluster.act({ kind: "cutLink", from: cluster.follower(8), to: cluster.leader ?? "n1" });
  cluster.submit(9, 260);
  return cluster;
}

/** The first half of the guided tour's card, over a simulated cluster. */
function tour(): SampleCluster {
  const cluster = healthy(3, 9);
  cluster.source = { kind: "simulated", seed: 9 };
  return cluster;
}

const tourPicture: TourPicture = {
  stop: 3,
  count: 9,
  title: "Votes come back",
  text: [
    "n2 asked both others for their vote. Each may vote once in a term, and only for a candidate whose log is at least as up to date as its own.",
    "Look at the dots around n2: filled for a vote, crossed for a refusal.",
  ],
  section: "§5.2",
  focus: "ring",
  isEnd: false,
};

export const samples: Readonly<Record<string, () => SampleCluster>> = {
  normal,
  election,
  partition: () => partition(1),
  apart: () => partition(2),
  violation,
  tour,
  one: () => healthy(1),
  n3: () => healthy(3),
  n9: () => healthy(9, 3),
  n25: () => many(25),
  n50: () => many(50),
};

/** A sample that the page can ask, as it asks its host. */
export interface Sample {
  /** What the page is told first. */
  readonly opened: PanelUpdate;
  /** What the host says when it was asked for all of these; undefined if nothing is different. */
  answer(requests: readonly unknown[]): PanelUpdate | undefined;
}

/** Time stands still in a sample; it runs in `normal-live`, and `normal-past` is an earlier moment. */
export function openSample(name: string, selection: unknown): Sample {
  if (name === "empty") {
    const opened: PanelUpdate = { kind: "closed", why: "noCluster", strings: {} };
    return { opened, answer: () => undefined };
  }
  const [base = "", look] = name.split("-");
  const make = samples[base];
  if (make === undefined) throw new Error(`there is no sample ${name}`);
  const cluster = make();
  if (look !== "live" && base !== "tour") cluster.pause();
  if (look === "past") cluster.session.seek(Math.round(cluster.exploration.count * 0.7));
  if (selection !== null) cluster.session.request({ kind: "select", selection });
  const update = cluster.update();
  const isTour = base === "tour" && update.kind === "opened";
  return {
    opened: isTour ? { ...update, picture: { ...update.picture, tour: tourPicture } } : update,
    answer: (requests) => {
      for (const request of requests) cluster.session.request(request);
      return cluster.session.nextUpdate();
    },
  };
}
