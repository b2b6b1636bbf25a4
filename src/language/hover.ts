import { unreachable } from "../raft/index.ts";
import type { Hover, HoverPart } from "./answers.ts";
import { accountHover } from "./account-hover.ts";
import { howText } from "./committed-rule.ts";
import type { Document, LogDocument, StateDocument, StorageDocument } from "./documents.ts";
import type { Judgement } from "./judgement.ts";
import { entryOf } from "./log-shape.ts";
import { wholeLine } from "./log-lines-rule.ts";
import { offsetAt, rangeIn } from "./object-file.ts";
import { commandText } from "./outline.ts";
import type { Position } from "./place.ts";
import { counted, listed, shownText } from "./shown-text.ts";
import { standingOf } from "./standing.ts";

type Line = readonly HoverPart[];

/** What is to be told of a place; null if there is nothing. */
export function hoverAt(document: Document, place: Position, judgement: Judgement): Hover | null {
  switch (document.kind) {
    case "log":
      return entryHover(document, place.line, judgement);
    case "account":
      return accountHover(document, place.line, judgement);
    case "storage":
      return storageHover(document, place);
    case "stateMachine":
      return stateHover(document, place, judgement);
    case "members":
    case "other":
      return null;
    default:
      return unreachable(document);
  }
}

function entryHover(document: LogDocument, line: number, judgement: Judgement): Hover | null {
  const entry = document.shape.entries[line];
  if (entry === undefined) return null;
  const index = document.shape.firstIndex + line;
  const command = shownText(commandText(document, line), 200);
  const isNoOp = entry.writes.length === 0;
  return {
    range: wholeLine(document, line),
    lines: [
      [text(`Entry ${index} of term ${entry.term}`)],
      isNoOp
        ? [
            text("An empty entry: a leader appends one when its term begins, so as to commit. "),
            section("8"),
          ]
        : [text("Sets "), { kind: "code", text: command }],
      ...whereElse(document, index, judgement).map((each) => [text(each)]),
      standingLine(document, index, judgement),
    ],
  };
}

/** Where the entry stands besides, where another stands in its place, and where none does. */
function whereElse(log: LogDocument, index: number, { comparison }: Judgement): readonly string[] {
  const entry = entryOf(log.shape, index);
  const others = comparison.logs.filter((other) => other !== log);
  if (entry === undefined || others.length === 0) return [];
  const same: string[] = [];
  const different: string[] = [];
  const missing: string[] = [];
  for (const { node, shape } of others) {
    const theirs = entryOf(shape, index);
    if (theirs === undefined) missing.push(node);
    else if (theirs.term === entry.term && theirs.hash === entry.hash) same.push(node);
    else if (theirs.term === entry.term) different.push(`${node} (another command)`);
    else different.push(`${node} (of term ${theirs.term})`);
  }
  return [
    same.length > 0 ? `The same on ${listed(same)}.` : "",
    different.length > 0 ? `Another on ${listed(different)}.` : "",
    missing.length > 0 ? `Not on ${listed(missing)}.` : "",
  ].filter((each) => each !== "");
}

function standingLine(log: LogDocument, index: number, judgement: Judgement): Line {
  const known = judgement.commitment.known.get(log);
  const standing = standingOf(log, index, judgement);
  switch (standing) {
    case "committed": {
      const { witness } = known ?? {};
      const how =
        witness === undefined ? "" : `: ${witness.log.node} knew it, ${howText(witness)}. `;
      return [text(`Committed${how}`), section("5.3")];
    }
    case "stale":
      return [
        text("Another entry of this index is committed, so a leader will replace this one. "),
        section("5.3"),
      ];
    case "conflict":
      return [
        text(
          "Not known to be committed, and another log holds another entry here: the next leader's will stay. ",
        ),
        section("5.3"),
      ];
    case "uncommitted":
    case "unknown":
      return [text(copiesText(log, index, judgement)), section("5.4.2")];
    default:
      return unreachable(standing);
  }
}

/** That a majority holds an entry is not enough for it to be committed. */
function copiesText(log: LogDocument, index: number, { comparison }: Judgement): string {
  const entry = entryOf(log.shape, index);
  const { logs } = comparison;
  const count = logs.filter(({ shape }) => {
    const theirs = entryOf(shape, index);
    return theirs?.term === entry?.term && theirs?.hash === entry?.hash;
  }).length;
  const copies = `On ${count} of ${counted(logs.length, "node's disk", "nodes' disks")} at hand; not known to be committed. `;
  return count * 2 > logs.length
    ? `${copies}An entry of an earlier term may stand on a majority and be replaced all the same. `
    : copies;
}

function storageHover({ text: content, storage }: StorageDocument, place: Position): Hover | null {
  if (storage === undefined) return null;
  const { term, termAt, votedFor, votedForAt } = storage;
  const isVote =
    votedForAt !== termAt && offsetAt(content, place) >= offsetAt(content, votedForAt.start);
  if (!isVote) {
    return {
      range: termAt,
      lines: [
        [
          text(`currentTerm: the newest term that this node has seen is ${term}. `),
          section("Figure 2"),
        ],
        [text("A node that was dead or cut off has an older one than the others.")],
      ],
    };
  }
  const vote: Line =
    votedFor === null
      ? [
          text(
            `votedFor: saved is no vote in term ${term}. Raftos forgets its vote when it starts or steps down. `,
          ),
        ]
      : [
          text(`votedFor: in term ${term} the vote went to `),
          { kind: "code", text: shownText(votedFor) },
          text(". "),
        ];
  return {
    range: votedForAt,
    lines: [
      [...vote, section("Figure 2")],
      [text("It need not be the leader: others may have voted for another.")],
    ],
  };
}

function stateHover(document: StateDocument, place: Position, judgement: Judgement): Hover | null {
  const { file, node, text: content, object } = document;
  if (object.kind !== "object") return null;
  const offset = offsetAt(content, place);
  const found = [...object.members].find(
    ([, { keyStart, valueEnd }]) => offset >= keyStart && offset <= valueEnd,
  );
  const explained = judgement.explanations.get(file);
  const log = judgement.view.logOf.get(node);
  const lines: Line[] = [];
  if (explained !== undefined && log !== undefined) {
    const { least, most } = explained;
    const upTo = least === most ? `${least}` : `${least} to ${most}`;
    lines.push([
      text(
        `This is what the first ${upTo} of ${counted(log.shape.entries.length, "entry", "entries")} of the log come to. `,
      ),
      section("5.3"),
    ]);
  }
  if (found === undefined)
    return lines.length === 0 ? null : { range: rangeIn(content, 0, content.length), lines };
  const [name, member] = found;
  const wrote = explained === undefined ? undefined : lastWriter(log, name, explained.least);
  if (wrote !== undefined)
    lines.unshift([text(`Set by entry ${wrote.index} of term ${wrote.term}.`)]);
  return lines.length === 0
    ? null
    : { range: rangeIn(content, member.keyStart, member.valueEnd), lines };
}

/** The last of the first entries that sets a name. */
function lastWriter(
  log: LogDocument | undefined,
  name: number,
  count: number,
): { readonly index: number; readonly term: number } | undefined {
  if (log === undefined) return undefined;
  for (let at = count - 1; at >= 0; at--) {
    const entry = log.shape.entries[at];
    if (entry?.writes.some((each, place) => place % 2 === 0 && each === name) !== true) continue;
    return { index: log.shape.firstIndex + at, term: entry.term };
  }
  return undefined;
}

function text(words: string): HoverPart {
  return { kind: "text", text: words };
}

function section(name: string): HoverPart {
  return { kind: "section", section: name };
}
