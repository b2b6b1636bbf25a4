import { commands, type Disposable } from "vscode";
import type { ClusterView } from "../trace/index.ts";
import type { Lab, LabState } from "./lab.ts";
import { contextKeys, type ContextKey } from "./manifest.ts";
import type { ClusterPanel } from "./panel.ts";
import { selectedNode } from "./selected.ts";
import { Throttle } from "./throttle.ts";

/** Keeps VS Code told of what decides which commands make sense. */
export class Contexts implements Disposable {
  readonly #lab: Lab;
  readonly #panel: ClusterPanel;
  readonly #throttle = new Throttle(50, () => this.#refresh());
  readonly #told = new Map<ContextKey, boolean>();

  constructor(lab: Lab, panel: ClusterPanel) {
    this.#lab = lab;
    this.#panel = panel;
    panel.onDidChange(() => this.#throttle.ask());
    lab.onDidChange(() => this.#throttle.ask());
    lab.onDidHappen(({ what }) => {
      if (mattersTo.has(what.kind)) this.#throttle.ask();
    });
    // The window may remember what an extension host told it that is gone.
    this.#throttle.ask();
  }

  dispose(): void {
    this.#throttle.dispose();
    this.#refresh();
  }

  #refresh(): void {
    const { session, guest } = this.#panel;
    const { view } = this.#lab;
    const selected = selectedNode(session);
    const node = selected === null ? undefined : view?.nodes.get(selected);
    const contexts = contextsOf(this.#lab.state.kind, view, {
      hasFocus: this.#panel.hasFocus,
      hasRun: session !== undefined,
      isPast: session?.isPast ?? false,
      isNodeDown: node !== undefined && node.life.kind !== "running",
      isTour: guest !== undefined,
    });
    for (const key of contextKeys) {
      if (this.#told.get(key) === contexts[key]) continue;
      this.#told.set(key, contexts[key]);
      void commands.executeCommand("setContext", key, contexts[key]);
    }
  }
}

/** What the panel shows, as far as commands depend on it. */
export interface PanelContexts {
  readonly hasFocus: boolean;
  readonly hasRun: boolean;
  readonly isPast: boolean;
  readonly isNodeDown: boolean;
  readonly isTour: boolean;
}

export function contextsOf(
  state: LabState["kind"],
  view: ClusterView | undefined,
  panel: PanelContexts = {
    hasFocus: false,
    hasRun: false,
    isPast: false,
    isNodeDown: false,
    isTour: false,
  },
): Readonly<Record<ContextKey, boolean>> {
  const lives = [...(view?.nodes.values() ?? [])].map(({ life }) => life.kind);
  return {
    // A cluster that is stopping cannot be started either.
    "raftLab.busy": state === "starting" || state === "stopping",
    "raftLab.running": view !== undefined,
    "raftLab.paused": view?.paused ?? false,
    "raftLab.hasRunning": lives.includes("running"),
    "raftLab.hasCrashed": lives.some((life) => life !== "running"),
    "raftLab.panel.focused": panel.hasFocus,
    "raftLab.panel.hasRun": panel.hasRun,
    "raftLab.panel.past": panel.isPast,
    "raftLab.panel.nodeIsDown": panel.isNodeDown,
    "raftLab.tour": panel.isTour,
  };
}

/** The kinds of events that can change one of them. */
const mattersTo: ReadonlySet<string> = new Set([
  "started",
  "crashed",
  "failed",
  "paused",
  "resumed",
  "nodeRemoved",
]);
