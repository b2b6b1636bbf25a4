import { commands, l10n, window, type Disposable } from "vscode";
import { Announcer, type Severity } from "./announcer.ts";
import type { Lab } from "./lab.ts";
import type { CommandId } from "./manifest.ts";
import { inNames } from "./output.ts";
import { unreachable } from "../raft/index.ts";

/** A button of a notification. */
export interface Offer {
  readonly label: string;
  readonly command: CommandId | BuiltInCommand;
  readonly argument?: unknown;
}

type BuiltInCommand = "workbench.trust.manage" | "workbench.action.openSettings";

/** Why a command did nothing, for whoever called it. The user has been told. */
export interface Refused {
  readonly refused: string;
}

/** Tells the user why nothing was done and offers what could be. Does not wait for an answer. */
export function refuse(text: string, ...offers: readonly Offer[]): Refused {
  notify("warning", text, offers);
  return { refused: text };
}

export function notify(
  severity: Severity | "information",
  text: string,
  offers: readonly Offer[],
): void {
  void show(
    severity,
    text,
    offers.map(({ label }) => label),
  ).then((label) => {
    const offer = offers.find((each) => each.label === label);
    // Our commands tell of their failures themselves.
    if (offer !== undefined) void commands.executeCommand(offer.command, offer.argument);
  });
}

export function offerOutput(): Offer {
  return { label: l10n.t("Show Output"), command: "raftLab.showOutput" };
}

/** Tells the user what nodes do of themselves, and what the checks find. */
export function announce(lab: Lab): Disposable {
  const announcer = new Announcer((severity, text, more) => {
    const whole = more === 0 ? text : l10n.t("{0} (And {1} more.)", text, more);
    notify(severity, whole, [offerOutput()]);
  });
  lab.onDidHappen(({ running, what }) => {
    if (what.kind !== "noticed" && what.kind !== "failed") return;
    // What an action led to, whoever asked for it is told.
    if (what.kind === "failed" && what.action !== null) return;
    const { eventText, levelOf } = running.bundle;
    const level = levelOf(what);
    if (level === "warning" || level === "error") {
      announcer.tell(level, eventText(what, running.nameOf));
    }
  });
  lab.onDidFind(({ running, what }) => {
    const told = inNames(what.text, running.nameOf);
    announcer.tell("error", l10n.t("A property of Raft is violated: {0}", told));
  });
  return { dispose: () => announcer.clear() };
}

function show(
  severity: Severity | "information",
  text: string,
  labels: readonly string[],
): Thenable<string | undefined> {
  switch (severity) {
    case "information":
      return window.showInformationMessage(text, ...labels);
    case "warning":
      return window.showWarningMessage(text, ...labels);
    case "error":
      return window.showErrorMessage(text, ...labels);
    default:
      return unreachable(severity);
  }
}
