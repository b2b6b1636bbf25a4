import { StatusBarAlignment, window, type Disposable, type StatusBarItem } from "vscode";
import type { Lab } from "./lab.ts";
import { nodesView } from "./manifest.ts";
import { passingStatus, statusOf, type Status } from "./status.ts";
import { Throttle } from "./throttle.ts";
import { unreachable } from "../raft/index.ts";

/** Our one item in the status bar: who leads, in which term. Hidden while there is no cluster. */
export class StatusBar implements Disposable {
  readonly #lab: Lab;
  readonly #item: StatusBarItem;
  readonly #throttle = new Throttle(100, () => this.#refresh());
  #shown: Status | undefined;

  constructor(lab: Lab, name: string) {
    this.#lab = lab;
    this.#item = window.createStatusBarItem("raftLab.status", StatusBarAlignment.Left, 50);
    this.#item.name = name;
    // VS Code makes this command for every view.
    this.#item.command = `${nodesView}.focus`;
    lab.onDidChange(() => this.#throttle.ask());
    lab.onDidHappen(() => this.#throttle.ask());
  }

  dispose(): void {
    this.#throttle.dispose();
    this.#item.dispose();
  }

  #refresh(): void {
    const shown = this.#status();
    // Every change of the item is a message to the window.
    if (isSameStatus(shown, this.#shown)) return;
    this.#shown = shown;
    if (shown === undefined) return this.#item.hide();
    this.#item.text = shown.text;
    this.#item.tooltip = shown.tooltip;
    this.#item.accessibilityInformation = { label: shown.accessibleLabel };
    this.#item.show();
  }

  #status(): Status | undefined {
    const { state } = this.#lab;
    switch (state.kind) {
      case "idle":
        return undefined;
      case "starting":
      case "stopping":
        return passingStatus(state.kind);
      case "running": {
        const { watch, bundle, nameOf } = state.running;
        return statusOf({ view: watch.view, leader: bundle.leaderIn(watch.view), nameOf });
      }
      default:
        return unreachable(state);
    }
  }
}

function isSameStatus(one: Status | undefined, other: Status | undefined): boolean {
  return one?.text === other?.text && one?.tooltip === other?.tooltip;
}
