import { unreachable } from "../raft/index.ts";
import { factsOf, type AccountFacts } from "./account-facts.ts";
import { readAccountLine, type AccountLine } from "./account-line.ts";
import type { FileKind } from "./file-kind.ts";
import { noLines, readLines, type Lines } from "./lines.ts";
import { shapeOf, type LogShape } from "./log-shape.ts";
import { LogLineReader, type LogLine } from "./log-line.ts";
import { readMembers } from "./members-file.ts";
import { readObjectFile, storageIn, type ObjectFile, type Storage } from "./object-file.ts";

/** A file of a folder as it was read. It never changes: an edit makes another. */
export type Document =
  LogDocument | AccountDocument | StorageDocument | StateDocument | MembersDocument | OtherDocument;

export interface LogDocument {
  readonly kind: "log";
  readonly file: string;
  /** Whose file it is, for the reader: `127.0.0.1_8000`. */
  readonly node: string;
  readonly text: string;
  readonly lines: Lines<LogLine>;
  readonly shape: LogShape;
}

export interface AccountDocument {
  readonly kind: "account";
  readonly file: string;
  readonly node: string;
  readonly text: string;
  readonly lines: Lines<AccountLine>;
  readonly facts: AccountFacts;
}

export interface StorageDocument {
  readonly kind: "storage";
  readonly file: string;
  readonly node: string;
  readonly text: string;
  readonly object: ObjectFile;
  /** Undefined if it says nothing that can be used. */
  readonly storage: Storage | undefined;
}

export interface StateDocument {
  readonly kind: "stateMachine";
  readonly file: string;
  readonly node: string;
  readonly text: string;
  readonly object: ObjectFile;
}

/** `cluster.json`, which tells which name and which address are the same node. */
export interface MembersDocument {
  readonly kind: "members";
  readonly file: string;
  readonly text: string;
  readonly addresses: ReadonlyMap<string, string>;
}

/** What is told about nothing: traces, and what is no file of a lab. */
export interface OtherDocument {
  readonly kind: "other";
  readonly file: string;
  readonly text: string;
}

/** Which file, of what kind, of which node, and what it holds now. */
export interface FileToRead {
  readonly file: string;
  readonly kind: FileKind | "members" | null;
  readonly node: string;
  readonly text: string;
}

/** Reads a file that was `before` before. Each step is some milliseconds of work. */
export function* readDocument(
  { file, kind, node, text }: FileToRead,
  before: Document | undefined,
): Generator<void, Document> {
  switch (kind) {
    case "log": {
      const earlier = before?.kind === "log" ? before.lines : noLines<LogLine>();
      const reader = new LogLineReader();
      const lines = yield* readLines(earlier, text, (...place) => reader.read(...place));
      return { kind, file, node, text, lines, shape: shapeOf(lines.lines) };
    }
    case "account": {
      const earlier = before?.kind === "account" ? before.lines : noLines<AccountLine>();
      const lines = yield* readLines(earlier, text, readAccountLine);
      // A last line without its end may be cut off: it says nothing yet.
      const told = lines.isEnded ? lines.lines : lines.lines.slice(0, -1);
      return { kind, file, node, text, lines, facts: factsOf(told) };
    }
    case "storage": {
      const object = readObjectFile(text);
      return { kind, file, node, text, object, storage: storageIn(text, object) };
    }
    case "stateMachine":
      return { kind, file, node, text, object: readObjectFile(text) };
    case "members":
      return { kind, file, text, addresses: readMembers(text) };
    case "wire":
    case null:
      return { kind: "other", file, text };
    default:
      return unreachable(kind);
  }
}
