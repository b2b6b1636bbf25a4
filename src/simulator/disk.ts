import {
  append,
  logWithSnapshot,
  nothingSaved,
  truncateFrom,
  unreachable,
  type Change,
  type Entry,
  type LogIndex,
  type Persistent,
  type SnapshotChange,
} from "../raft/index.ts";
import type { Chance } from "./chance.ts";

/** What a write-ahead log writes one after another: a crash keeps some first ones of them. */
type Piece =
  | ({ readonly kind: "vote" } & Pick<Persistent, "currentTerm" | "votedFor">)
  | { readonly kind: "entry"; readonly index: LogIndex; readonly entry: Entry }
  | ({ readonly kind: "snapshot" } & SnapshotChange)
  | { readonly kind: "truncation"; readonly from: LogIndex };

/** The disk of one node: what is synced stays, of the rest a crash keeps what it likes. */
export class Disk {
  #saved: Persistent;
  #unsynced: Piece[] = [];

  /** A disk that holds something already is that of a node with a past. */
  constructor(saved: Persistent = nothingSaved) {
    this.#saved = saved;
  }

  get saved(): Persistent {
    return this.#saved;
  }

  write(changes: readonly Change[]): void {
    for (const change of changes) this.#unsynced.push(...piecesOf(change));
  }

  /** All that was written is safe from now on. */
  sync(): void {
    this.#keep(this.#unsynced.length);
  }

  /** The pieces went to the disk in order, so what is lost are the last ones. */
  crash(chance: Chance): void {
    if (this.#unsynced.length > 0) this.#keep(chance.below(this.#unsynced.length + 1));
  }

  #keep(count: number): void {
    for (const piece of this.#unsynced.slice(0, count)) this.#saved = withPiece(this.#saved, piece);
    this.#unsynced = [];
  }
}

function piecesOf({ vote, log, snapshot }: Change): readonly Piece[] {
  const pieces: Piece[] = [];
  if (vote !== null) pieces.push({ kind: "vote", ...vote });
  if (snapshot !== undefined) pieces.push({ kind: "snapshot", ...snapshot });
  if (log === null) return pieces;
  if (log.entries.length === 0) pieces.push({ kind: "truncation", from: log.from });
  for (const [offset, entry] of log.entries.entries()) {
    pieces.push({ kind: "entry", index: log.from + offset, entry });
  }
  return pieces;
}

/** An entry written where one stood replaces it and all after it, as in a write-ahead log. */
function withPiece(saved: Persistent, piece: Piece): Persistent {
  switch (piece.kind) {
    case "vote":
      return { ...saved, currentTerm: piece.currentTerm, votedFor: piece.votedFor };
    case "entry":
      return { ...saved, log: append(truncateFrom(saved.log, piece.index), [piece.entry]) };
    case "truncation":
      return { ...saved, log: truncateFrom(saved.log, piece.from) };
    case "snapshot":
      return { ...saved, snapshot: piece.snapshot, log: logWithSnapshot(saved.log, piece) };
    default:
      return unreachable(piece);
  }
}
