import { unreachable } from "../raft/index.ts";
import { isReplay, explain, type Explained } from "./state-from-log.ts";
import type { Commitment, Explanations } from "./commitment.ts";
import type { LogDocument, StateDocument, StorageDocument } from "./documents.ts";
import type { Findings, Rule } from "./findings.ts";
import type { FolderView } from "./folder-view.ts";
import { termRange, wholeLine } from "./log-lines-rule.ts";
import { positionAt, rangeIn, wholeRange, type ObjectFile } from "./object-file.ts";
import { rangeInLine, type Range } from "./place.ts";
import type { RelatedPlace } from "./problem.ts";
import { counted, listed } from "./shown-text.ts";

const rules = {
  empty: { code: "empty-file", severity: "error", section: "" },
  perhapsEmpty: { code: "empty-file", severity: "information", section: "" },
  emptyStorage: { code: "empty-file", severity: "error", section: "5.1" },
  malformed: { code: "malformed-file", severity: "error", section: "" },
  packed: { code: "messagepack", severity: "error", section: "" },
  odd: { code: "odd-number", severity: "information", section: "" },
  long: { code: "long-line", severity: "information", section: "" },
  behind: { code: "storage-behind-log", severity: "error", section: "5.1" },
  notFromLog: { code: "state-not-from-log", severity: "error", section: "5.3" },
  replay: { code: "state-not-from-log", severity: "information", section: "5.3" },
} as const satisfies Record<string, Rule>;

/** What is wrong with a `.storage`, by itself and beside the log of its node. */
export function judgeStorage(document: StorageDocument, view: FolderView, found: Findings): void {
  const { file, text, object, storage } = document;
  if (object.kind === "empty") {
    found.add(file, rules.emptyStorage, () => ({
      range: wholeRange(text),
      message:
        "This file is empty, so term and vote are lost: the node starts with term 0 again, and may vote twice in a term. Raftos empties the file before it writes to it, and a crash came in between; a new file that is then renamed would not be lost.",
    }));
    return;
  }
  judgeObject(document, 'It should hold {"term": 1, "voted_for": "HOST:PORT" or null}.', found);
  if (object.kind === "object" && storage === undefined) {
    found.add(file, rules.malformed, () => ({
      range: wholeRange(text),
      message:
        'This is no storage of raftos, which is {"term": 1, "voted_for": "HOST:PORT" or null}, with a term from 0 on.',
    }));
  }
  const log = view.logOf.get(document.node);
  if (storage === undefined || log === undefined) return;
  const { lastTerm, lastTermLine } = log.shape;
  if (storage.term >= lastTerm) return;
  found.add(file, rules.behind, () => ({
    range: storage.termAt,
    message: `The term saved here is ${storage.term}, but the log of ${log.node} holds an entry of term ${lastTerm}. A node must save its term before it takes entries of it: with the older one it could vote again in a term that it has been in.`,
    related: [lineOf(log, lastTermLine, `The entry of term ${lastTerm}.`)],
  }));
}

interface ExplainedBefore {
  readonly view: FolderView;
  readonly explanations: Explanations;
}

/**
 * Up to which entry each state goes, where the log of its node is at hand and can be read. What was
 * known before of the same two files is not found out again.
 */
export function* explainStates(
  view: FolderView,
  before: ExplainedBefore | undefined,
): Generator<void, Explanations> {
  const explanations = new Map<string, Explained | undefined>();
  for (const state of view.states) {
    const { file, node, object } = state;
    const log = view.logOf.get(node);
    if (object.kind !== "object" || log === undefined || log.shape.firstIndex !== 1) continue;
    if (before?.view.stateOf.get(node) === state && before.view.logOf.get(node) === log) {
      explanations.set(file, before.explanations.get(file));
      continue;
    }
    explanations.set(file, explain(object.members, log.shape.entries));
    yield;
  }
  return explanations;
}

/** What follows from all files about what was applied. */
interface Known {
  readonly explanations: Explanations;
  readonly commitment: Commitment;
}

/** What is wrong with a `.state_machine`, by itself and beside the logs. */
export function* judgeState(
  document: StateDocument,
  view: FolderView,
  { explanations, commitment }: Known,
  found: Findings,
): Generator<void, void> {
  const { file, node, text, object } = document;
  const log = view.logOf.get(node);
  if (object.kind === "empty") {
    judgeEmptyState(document, log, commitment, found);
    return;
  }
  judgeObject(document, 'It should hold {"NAME": VALUE, …}.', found);
  const isJudged = explanations.has(file) && explanations.get(file) === undefined;
  if (object.kind !== "object" || log === undefined || !isJudged || !log.shape.isWhole) return;

  if (isReplay(object.members, log.shape.entries)) {
    found.add(file, rules.replay, () => ({
      range: wholeRange(text),
      message: `Applying the log of ${node} from its first entry on never gives this state. Raftos leaves it on the way when it starts anew, because it applies its log to the state that it had before: some names are set back, others not yet.`,
    }));
    return;
  }
  const related: RelatedPlace[] = [];
  for (const other of view.logs) {
    yield;
    const explained =
      other === log || other.shape.firstIndex !== 1
        ? undefined
        : explain(object.members, other.shape.entries);
    if (explained === undefined) continue;
    related.push(lineOf(other, explained.most - 1, explanation(other, explained)));
  }
  const entries = counted(log.shape.entries.length, "entry", "entries");
  const others = otherLogsText(
    view.logs.filter((each) => related.some(({ file: name }) => name === each.file)),
  );
  found.add(file, rules.notFromLog, () => ({
    range: wholeRange(text),
    message: `Applying the log of ${node}, which has ${entries}, from the first on never gives this state. A node applies only what stands in its log, so the log has lost entries since, or one of the two files was changed.${others}`,
    related,
  }));
}

function otherLogsText(logs: readonly LogDocument[]): string {
  if (logs.length === 0) return "";
  const [those, verb] = logs.length === 1 ? ["The log", "gives it"] : ["The logs", "give it"];
  return ` ${those} of ${listed(logs.map(({ node }) => node))} ${verb}: it seems that entries were applied here that are gone from this log.`;
}

function judgeEmptyState(
  { file, node, text }: StateDocument,
  log: LogDocument | undefined,
  commitment: Commitment,
  found: Findings,
): void {
  // A leader of raftos that was asked for a value before any was applied leaves it empty, too.
  const count = log?.shape.entries.length ?? 0;
  if (log === undefined || count === 0) return;
  const isSure = count > 1 || commitment.known.has(log);
  found.add(file, isSure ? rules.empty : rules.perhapsEmpty, () => ({
    range: wholeRange(text),
    message: `This file is empty, though the log of ${node} has ${counted(count, "entry", "entries")}. Raftos empties it before it writes to it, so a crash in between leaves this. It is written anew from the log when the node starts.`,
    related: [lineOf(log, count - 1, "The last entry of the log.")],
  }));
}

interface ObjectDocument {
  readonly file: string;
  readonly text: string;
  readonly object: ObjectFile;
}

function judgeObject({ file, text, object }: ObjectDocument, form: string, found: Findings): void {
  switch (object.kind) {
    case "object":
      if (object.isStrict) return;
      found.add(file, rules.odd, () => ({
        range: wholeRange(text),
        message:
          "This file holds NaN or Infinity, which Python writes but JSON does not have, so other programs cannot read it. Submit an ordinary number or a string instead.",
      }));
      return;
    case "empty":
      return;
    case "messagePack":
      found.add(file, rules.packed, () => ({
        range: wholeRange(text),
        message:
          "This file is written with MessagePack, the default of raftos, and cannot be read as text. Call raftos.configure({'serializer': raftos.serializers.JSONSerializer, …}) before raftos.register(…), and start with new files.",
      }));
      return;
    case "long":
      found.add(file, rules.long, () => ({
        range: rangeInLine(0, 0, 80),
        message: `This file has ${text.length} characters, too many to be read here.`,
      }));
      return;
    case "cut":
      malformed(
        file,
        rangeAtEnd(text),
        `This file is cut off: its writer was stopped, or is still at it. ${form}`,
        found,
      );
      return;
    case "bad":
      malformed(
        file,
        rangeIn(text, object.at, object.at + 1),
        `This file is not JSON from here on. ${form}`,
        found,
      );
      return;
    case "notAnObject":
      malformed(file, wholeRange(text), `This file is no JSON object. ${form}`, found);
      return;
    default:
      unreachable(object);
  }
}

function malformed(file: string, range: Range, message: string, found: Findings): void {
  found.add(file, rules.malformed, () => ({ range, message }));
}

function rangeAtEnd(text: string): Range {
  const end = positionAt(text, text.length);
  return { start: { ...end, character: Math.max(0, end.character - 1) }, end };
}

function explanation({ node, shape }: LogDocument, { least, most }: Explained): string {
  const last = shape.firstIndex + most - 1;
  return least === most
    ? `The first ${counted(last, "entry", "entries")} of ${node} give this state.`
    : `The first ${least} to ${last} entries of ${node} give this state.`;
}

function lineOf(log: LogDocument, line: number, message: string): RelatedPlace {
  const entry = log.shape.entries[line];
  const at = Math.max(0, line);
  const range = entry === undefined ? wholeLine(log, at) : termRange(log, at, entry);
  return { file: log.file, range, message };
}
