import { l10n, type LogOutputChannel } from "vscode";
import type { Finding } from "../checks/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import { eventText } from "./event-text.ts";
import type { NameOf } from "./names.ts";
import { inNames } from "./output.ts";

/** The finding and, line by line, the events that prove it. */
export function writeFinding(channel: ErrorOutput, finding: Finding, nameOf: NameOf): void {
  const { check, text, because, at } = finding;
  const proof = [...because, at].map((event) => `\n    ${proofText(event, nameOf)}`).join("");
  const told = inNames(text, nameOf);
  channel.error(l10n.t("Finding ({0}): {1} The events that prove it:", check, told) + proof);
}

/** The part of the output that takes errors. */
type ErrorOutput = Pick<LogOutputChannel, "error">;

function proofText(event: TraceEvent, nameOf: NameOf): string {
  const seconds = (event.time / 1000).toFixed(3);
  return l10n.t("event {0}, at {1} s: {2}", event.seq, seconds, eventText(event, nameOf));
}
