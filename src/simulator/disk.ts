import {
  append,
  nothingSaved,
  truncateFrom,
  type Change,
  type Entry,
  type LogIndex,
  type Persistent,
} from "../raft/index.ts";
import type { Chance } from "./chance.ts";

/** What a write-ahead log writes one after another: a crash keeps some first ones of them. */
type Piece =
  | ({ readonly kind: "vote" } & Pick<Persistent, "currentTerm" | "votedFor">)
  | { readonly kind: "entry"; readonly index: LogIndex; readonly entry: Entry };

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

function piecesOf({ vote, log }: Change): readonly Piece[] {
  const entries = log?.entries.map((entry, offset): Piece => {
    return { kind: "entry", index: (log?.from ?? 0) + offset, entry };
  });
  return [...(vote === null ? [] : [{ kind: "vote", ...vote } as const]), ...(entries ?? [])];
}

/** An entry written where one stood replaces it and all after it, as in a write-ahead log. */
function withPiece(saved: Persistent, piece: Piece): Persistent {
  if (piece.kind === "vote") {
    return { ...saved, currentTerm: piece.currentTerm, votedFor: piece.votedFor };
  }
  return { ...saved, log: append(truncateFrom(saved.log, piece.index), [piece.entry]) };
}
