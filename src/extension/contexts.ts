import { commands, type Disposable } from "vscode";
import type { ClusterView } from "../trace/index.ts";
import type { Lab, LabState } from "./lab.ts";
import { contextKeys, type ContextKey } from "./manifest.ts";
import { Throttle } from "./throttle.ts";

/** Keeps VS Code told of what decides which commands make sense. */
export class Contexts implements Disposable {
  readonly #lab: Lab;
  readonly #throttle = new Throttle(50, () => this.#refresh());
  readonly #told = new Map<ContextKey, boolean>();

  constructor(lab: Lab) {
    this.#lab = lab;
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
    const contexts = contextsOf(this.#lab.state.kind, this.#lab.view);
    for (const key of contextKeys) {
      if (this.#told.get(key) === contexts[key]) continue;
      this.#told.set(key, contexts[key]);
      void commands.executeCommand("setContext", key, contexts[key]);
    }
  }
}

export function contextsOf(
  state: LabState["kind"],
  view: ClusterView | undefined,
): Readonly<Record<ContextKey, boolean>> {
  const lives = [...(view?.nodes.values() ?? [])].map(({ life }) => life.kind);
  return {
    // A cluster that is stopping cannot be started either.
    "raftLab.busy": state === "starting" || state === "stopping",
    "raftLab.running": view !== undefined,
    "raftLab.paused": view?.paused ?? false,
    "raftLab.hasRunning": lives.includes("running"),
    "raftLab.hasCrashed": lives.some((life) => life !== "running"),
  };
}

/** The kinds of events that can change one of them. */
const mattersTo: ReadonlySet<string> = new Set([
  "started",
  "crashed",
  "failed",
  "paused",
  "resumed",
]);
