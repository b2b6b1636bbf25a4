import type { Finding } from "../checks/index.ts";
import { unreachable, type Millis, type NodeId } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import { claimOf } from "./judge.ts";
import { shownLog } from "./shown.ts";
import type { Commands, Condition, Nodes, Scenario, Step } from "./scenario.ts";
import { eventLimit, Stage } from "./stage.ts";
import type { Fate } from "./witness.ts";

/** What came of a scenario. It has passed if there is neither a failure nor a finding. */
export interface Outcome {
  readonly failures: readonly Failure[];
  /** What the checks found. */
  readonly findings: readonly Finding[];
  readonly events: number;
  /** How much time passed in the cluster. */
  readonly millis: Millis;
}

/** A line that did not come about as it says. */
export interface Failure {
  readonly line: number;
  readonly text: string;
}

/** What a scenario may take, whatever it repeats. */
const limits = { steps: 100_000, millis: 600_000 };

/** How long a client waits for an answer before it submits its command again. */
const patienceMillis = 2000;
/** How long until it looks again, and for a leader if it has none. */
const turnMillis = 20;

/**
 * Runs a scenario, every event under all checks. The same scenario gives the same trace.
 *
 * An expectation that fails is told, and the run goes on; something that cannot be done ends it.
 */
export function runScenario(
  scenario: Scenario,
  listener: (event: TraceEvent) => void = () => {},
): Outcome {
  const run = new Run(scenario, listener);
  run.play();
  return run.outcome();
}

class Run {
  readonly #scenario: Scenario;
  readonly #stage: Stage;
  /** The first failure of each line. */
  readonly #failures = new Map<number, Failure>();
  #cutLinks: ReadonlySet<string> = new Set();
  #steps = 0;
  #told = 0;

  constructor(scenario: Scenario, listener: (event: TraceEvent) => void) {
    this.#scenario = scenario;
    this.#stage = new Stage(scenario, listener);
  }

  play(): void {
    this.#stage.run(0);
    this.#playAll(this.#scenario.steps);
  }

  outcome(): Outcome {
    return {
      failures: [...this.#failures.values()].toSorted((one, other) => one.line - other.line),
      findings: this.#stage.findings,
      events: this.#stage.eventCount,
      millis: this.#stage.now,
    };
  }

  /** Whether it is worth going on. */
  #playAll(steps: readonly Step[]): boolean {
    return steps.every((step) => {
      const goesOn = this.#play(step);
      this.#tellFailedNodes(step.line);
      return goesOn && this.#isWithinLimits(step.line);
    });
  }

  #play(step: Step): boolean {
    const stage = this.#stage;
    switch (step.kind) {
      case "run":
        stage.run(stage.chance.within(step.millis));
        return true;
      case "let": {
        const nodes = stage.choose(step.nodes);
        stage.name(step.name, nodes);
        return (
          nodes.length > 0 || this.#fail(step.line, `there is no node to be called ${step.name}`)
        );
      }
      case "submit":
        return this.#submit(step);
      case "agree":
        return this.#agree(step);
      case "crash":
      case "restart":
        return this.#change(step, step.nodes);
      case "transfer":
        return this.#transfer(step);
      case "add":
        return this.#add(step);
      case "remove":
        return this.#remove(step);
      case "snapshot":
        return this.#snapshot(step);
      case "isolate":
      case "rejoin":
      case "partition":
        stage.links[step.kind](stage.choose(step.nodes));
        return this.#relink();
      case "cut":
        stage.links.cut(stage.choose(step.from), stage.choose(step.to));
        return this.#relink();
      case "heal":
        stage.links.heal();
        return this.#relink();
      case "weather":
        stage.setWeather(step.weather);
        return true;
      case "slow":
        return this.#slow(step);
      case "count":
        stage.witness.countAnew();
        return true;
      case "read":
        return this.#read(step);
      case "expect":
        this.#expect(step);
        return true;
      case "repeat":
        for (let i = 0; i < step.times; i++) if (!this.#playAll(step.steps)) return false;
        return true;
      case "when":
        return !this.#isSo(step.condition) || this.#playAll(step.steps);
      default:
        return unreachable(step);
    }
  }

  #submit({ commands, to, line }: StepOf<"submit">): boolean {
    const stage = this.#stage;
    const receivers = to === null ? stage.of("leader") : stage.choose(to);
    if (receivers.length === 0) {
      const why = to === null ? "nobody leads" : "no node was chosen";
      return this.#fail(line, `there is nobody to submit to: ${why}`);
    }
    const texts = this.#textsOf(commands);
    const fates = receivers.flatMap((node) => texts.map((text) => stage.submit(node, text)));
    stage.run(0);
    const refused = fates.map((fateOf) => fateOf()).find((fate) => fate?.kind === "refused");
    return refused === undefined || this.#fail(line, refusalText(refused));
  }

  /** Each command is submitted again until enough nodes have it, like a client that is patient. */
  #agree({ commands, on, within, line }: StepOf<"agree">): boolean {
    const stage = this.#stage;
    const wanted = on === "all" ? stage.members.length : on;
    const isDone = (text: string): boolean =>
      stage.members.filter((id) => stage.witness.hasApplied(id, text)).length >= wanted;
    let open = this.#textsOf(commands).map((text): Attempt => ({ text, since: 0, fate: null }));
    const end = stage.now + within;
    while (open.length > 0 && stage.now < end && !stage.isExhausted) {
      open = open.map((attempt) => this.#tried(attempt));
      const pause = Math.min(turnMillis, end - stage.now);
      stage.run(pause, () => open.every(({ text }) => isDone(text)));
      open = open.filter(({ text }) => !isDone(text));
    }
    if (open.length > 0) {
      const missing = shownLog(open.map(({ text }) => text.trim()));
      this.#fail(line, `after ${within} ms these were not on ${wanted} nodes: ${missing}`);
    }
    return true;
  }

  #tried(attempt: Attempt): Attempt {
    const stage = this.#stage;
    const fate = attempt.fate?.();
    const isUnderWay = attempt.fate !== null && (fate === undefined || fate.kind === "committed");
    if (isUnderWay && stage.now - attempt.since < patienceMillis) return attempt;
    const leader = stage.leader();
    if (leader === undefined) return attempt;
    const { text } = attempt;
    return { text, since: stage.now, fate: stage.submit(leader, text) };
  }

  #textsOf(commands: Commands): readonly string[] {
    if (commands.kind === "these") return commands.commands;
    return Array.from({ length: commands.count }, () => this.#stage.newCommand(commands.bytes));
  }

  #change({ kind, line }: StepOf<"crash" | "restart">, nodes: Nodes): boolean {
    return this.#stage.choose(nodes).every((node) => {
      const fate = this.#stage.act({ kind, node });
      return fate?.kind !== "refused" || this.#fail(line, `${kind} ${refusalText(fate)}`);
    });
  }

  #transfer({ to, line }: StepOf<"transfer">): boolean {
    return this.#stage.choose(to).every((node) => {
      const fate = this.#stage.act({ kind: "transfer", to: node });
      return fate?.kind !== "refused" || this.#fail(line, `transfer ${refusalText(fate)}`);
    });
  }

  #add({ as, line }: StepOf<"add">): boolean {
    const fate = this.#stage.act({ kind: "addNode", as });
    return fate?.kind !== "refused" || this.#fail(line, `add ${refusalText(fate)}`);
  }

  #remove({ nodes, line }: StepOf<"remove">): boolean {
    return this.#stage.choose(nodes).every((node) => {
      const fate = this.#stage.act({ kind: "removeNode", node });
      return fate?.kind !== "refused" || this.#fail(line, `remove ${refusalText(fate)}`);
    });
  }

  #read({ name, from, line }: StepOf<"read">): boolean {
    const stage = this.#stage;
    const readers = from === null ? stage.of("leader") : stage.choose(from);
    if (readers.length === 0) return this.#fail(line, "there is nobody to read from");
    for (const node of readers) stage.read(node, name);
    stage.run(0);
    const refused = readers
      .map((node) => stage.readAt(node)?.fate)
      .find((fate) => fate?.kind === "refused");
    return refused === undefined || this.#fail(line, `read ${refusalText(refused)}`);
  }

  #snapshot({ nodes, line }: StepOf<"snapshot">): boolean {
    return this.#stage.choose(nodes).every((node) => {
      const fate = this.#stage.act({ kind: "compact", node });
      return fate?.kind !== "refused" || this.#fail(line, `snapshot ${refusalText(fate)}`);
    });
  }

  #slow({ messages, side, nodes, more }: StepOf<"slow">): boolean {
    const { members } = this.#stage;
    const chosen = this.#stage.choose(nodes);
    const [from, to] = side === "from" ? [chosen, members] : [members, chosen];
    this.#stage.slow({ kinds: [messages], from, to, chance: 1, more });
    return true;
  }

  #relink(): boolean {
    this.#cutLinks = this.#stage.relink(this.#cutLinks);
    return true;
  }

  #expect({ expectation, time, line }: StepOf<"expect">): void {
    const stage = this.#stage;
    const claim = claimOf(expectation, stage);
    if (time.kind === "within") stage.run(time.millis, () => claim.holds());
    if (time.kind === "for" && claim.holds()) stage.run(time.millis, () => !claim.holds());
    if (claim.holds()) return;
    this.#fail(line, `after ${stage.now} ms this is not so: ${claim.instead()}`);
  }

  #isSo(condition: Condition): boolean {
    switch (condition.kind) {
      case "leader":
        return this.#stage.leader() !== undefined;
      case "fewer":
        return this.#stage.of(condition.set).length < condition.than;
      case "chance":
        return this.#stage.chance.happens(condition.percent / 100);
      default:
        return unreachable(condition);
    }
  }

  #isWithinLimits(line: number): boolean {
    this.#steps++;
    if (this.#steps > limits.steps) return this.#fail(line, `more than ${limits.steps} steps`);
    if (this.#stage.now > limits.millis) return this.#fail(line, `more than ${limits.millis} ms`);
    return !this.#stage.isExhausted || this.#fail(line, `more than ${eventLimit} events`);
  }

  /** A node that contradicts itself has stopped, whatever the line expected. */
  #tellFailedNodes(line: number): void {
    for (const { node, why } of this.#stage.witness.failed.slice(this.#told)) {
      this.#fail(line, `${node} contradicts itself: ${why}`);
      this.#told++;
    }
  }

  #fail(line: number, text: string): false {
    if (!this.#failures.has(line)) this.#failures.set(line, { line, text });
    return false;
  }
}

type StepOf<K extends Step["kind"]> = Extract<Step, { kind: K }>;

/** A command that a client has not seen committed yet. */
interface Attempt {
  readonly text: string;
  readonly since: Millis;
  /** Null before it was first submitted. */
  readonly fate: (() => Fate | undefined) | null;
}

function refusalText(fate: Extract<Fate, { kind: "refused" }>): string {
  const { reason } = fate;
  const node: NodeId = "node" in reason ? `: ${reason.node}` : "";
  return `is refused, ${reason.kind}${node}`;
}
