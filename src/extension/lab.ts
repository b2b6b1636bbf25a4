import { EventEmitter, type Disposable } from "vscode";
import type { Finding } from "../checks/index.ts";
import type { Action } from "../cluster/index.ts";
import type { Exploration } from "../exploration/index.ts";
import { invariant, type Extensions, type NodeId } from "../raft/index.ts";
import type { LiveCluster, PresetName, SnapshotAfter } from "../runtime/index.ts";
import type { ActionId, ClusterView, TraceEvent } from "../trace/index.ts";
import type { ClusterBundle } from "./cluster-bundle.ts";
import { namesOf, type NameOf } from "./names.ts";
import type { Outcome } from "./outcomes.ts";
import type { Explored } from "./panel.ts";
import type { Watch } from "./watch.ts";

/** A cluster that runs, and what is known of it. */
export interface RunningCluster {
  readonly cluster: LiveCluster;
  readonly watch: Watch;
  /** All that happened, to travel in. */
  readonly exploration: Exploration;
  readonly bundle: ClusterBundle;
  readonly nameOf: NameOf;
  /** Asks the cluster for something and waits for what comes of it. Never rejects. */
  perform(action: Action, signal: AbortSignal): Promise<Outcome>;
}

export type LabState =
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly running: RunningCluster }
  | { readonly kind: "stopping" };

export interface StartOptions {
  readonly bundle: ClusterBundle;
  readonly folder: string;
  readonly size: number;
  readonly startAnew: boolean;
  readonly preset: PresetName;
  readonly extensions: Extensions;
  readonly snapshotAfter: SnapshotAfter;
  /** A file of a node that is not the truth can be written no more. */
  readonly fileFailed: (node: NodeId, file: string, error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Something that happened, with the cluster to which it did. */
export interface Happened<What> {
  readonly running: RunningCluster;
  readonly what: What;
}

/**
 * The one cluster of this window. Whoever shows something listens here; whoever does something
 * goes through here.
 */
export class Lab implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #happened = new EventEmitter<Happened<TraceEvent>>();
  readonly #found = new EventEmitter<Happened<Finding>>();
  readonly #closing = new AbortController();
  #state: LabState = { kind: "idle" };
  /** The start or the stop under way. */
  #work: Promise<unknown> = Promise.resolve();
  #actions = 0;
  #explored: Explored | undefined;

  /** The lab went from one state to another. */
  readonly onDidChange = this.#changed.event;
  /** Every event of every cluster, in order. */
  readonly onDidHappen = this.#happened.event;
  readonly onDidFind = this.#found.event;

  get state(): LabState {
    return this.#state;
  }

  get running(): RunningCluster | undefined {
    return this.#state.kind === "running" ? this.#state.running : undefined;
  }

  /** What can be looked at: the cluster that runs, or what happened to the last one. */
  get explored(): Explored | undefined {
    return this.#explored;
  }

  get view(): ClusterView | undefined {
    return this.running?.watch.view;
  }

  /** Starts a cluster. Rejects when that fails or is aborted; the lab is idle again then. */
  async start(options: StartOptions): Promise<RunningCluster> {
    invariant(this.#state.kind === "idle", "one cluster at a time");
    this.#explored = undefined;
    this.#become({ kind: "starting" });
    const opening = this.#open(options);
    this.#work = opening.catch(() => {});
    try {
      const running = await opening;
      return running;
    } catch (error) {
      this.#become({ kind: "idle" });
      throw error;
    }
  }

  /** Stops the cluster that runs. Its files stay. */
  async stop(): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    this.#become({ kind: "stopping" });
    this.#work = running.cluster.close();
    try {
      await this.#work;
    } finally {
      // The nodes say nothing more: whoever waits is told that the cluster was stopped.
      running.watch.end();
      this.#become({ kind: "idle" });
    }
  }

  /** Ends whatever is under way: afterwards there is no socket, timer or open file. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work;
    await this.stop();
    this.dispose();
  }

  dispose(): void {
    for (const emitter of [this.#changed, this.#happened, this.#found]) emitter.dispose();
  }

  async #open({ bundle, signal, ...options }: StartOptions): Promise<RunningCluster> {
    // Until the cluster is there, nobody could be told whose events these are.
    const early: TraceEvent[] = [];
    let listener = (event: TraceEvent): void => void early.push(event);
    const cluster = await bundle.openCluster({
      ...options,
      listener: (event) => listener(event),
      signal: AbortSignal.any([signal, this.#closing.signal]),
    });
    const running = this.#runningOf(cluster, bundle);
    listener = (event) => {
      running.exploration.take(event);
      running.watch.take(event);
      this.#happened.fire({ running, what: event });
    };
    this.#explored = this.#exploredOf(running);
    this.#become({ kind: "running", running });
    for (const event of early) listener(event);
    return running;
  }

  #runningOf(cluster: LiveCluster, bundle: ClusterBundle): RunningCluster {
    const exploration = new bundle.Exploration();
    const watch = new bundle.Watch((finding) => {
      exploration.note(finding);
      this.#found.fire({ running, what: finding });
    });
    const running: RunningCluster = {
      cluster,
      watch,
      exploration,
      bundle,
      nameOf: namesOf(cluster.known, exploration),
      perform: (action, signal) => {
        const id: ActionId = `action ${++this.#actions}`;
        const outcome = watch.outcomes.of(id, signal);
        cluster.act(id, action);
        return outcome;
      },
    };
    return running;
  }

  #exploredOf(running: RunningCluster): Explored {
    const { exploration, bundle, cluster, watch } = running;
    return {
      exploration,
      bundle,
      members: cluster.members,
      source: () =>
        this.running === running
          ? { kind: "live", paused: watch.view.paused }
          : { kind: "stopped" },
    };
  }

  #become(state: LabState): void {
    this.#state = state;
    this.#changed.fire();
  }
}
