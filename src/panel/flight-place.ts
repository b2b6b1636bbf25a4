import { unreachable } from "../raft/index.ts";
import type { FlightPicture } from "./protocol.ts";

/** Where a message is on its way, at a time. */
export interface FlightPlace {
  /** From 0 at the sender to 1 at the receiver. */
  readonly part: number;
  /** It is lost at that place. */
  readonly isLost: boolean;
  /** 1 while it flies; goes to 0 after it was lost. */
  readonly strength: number;
}

/** How far a message without a known arrival is taken to come, in milliseconds of its way. */
const guessedWay = 500;
/** How long what was lost fades, in milliseconds of the cluster's time. */
const fadeMillis = 700;

/** Null while it has not left yet, and once it has arrived. */
export function flightPlace(flight: FlightPicture, time: number): FlightPlace | null {
  const { sent, arrival, end } = flight;
  if (time < sent) return null;
  const lost = end !== null && end.how !== "received" ? end : null;
  const arrives = end?.how === "received" ? end.time : arrival;
  const way = Math.max(1, (arrives ?? sent + guessedWay) - sent);
  if (lost !== null && time >= lost.time) {
    const faded = (time - lost.time) / fadeMillis;
    if (faded >= 1) return null;
    const part = Math.min(1, Math.max(0.12, (lost.time - sent) / way));
    return { part, isLost: true, strength: 1 - faded };
  }
  if (arrives !== null && time >= arrives) return null;
  return { part: Math.min(1, (time - sent) / way), isLost: false, strength: 1 };
}

/** Where a message stands that does not move but hops: after a sixth of its way, a half, five sixths. */
export function steppedPart(part: number): number {
  return (Math.min(2, Math.floor(part * 3)) * 2 + 1) / 6;
}

/** What a message is called beside its mark: `AE t4 14`, `✓ 13`, `RV t5`. */
export function flightCaption({ kind, term, label, success }: FlightPicture): string {
  switch (kind) {
    case "RequestVote":
      return `RV t${term}`;
    case "RequestVoteReply":
      return success === true ? `✓ t${term}` : `✗ t${term}`;
    case "PreVote":
      return `PV t${term}`;
    case "PreVoteReply":
      return success === true ? `✓ PV` : `✗ PV`;
    case "TimeoutNow":
      return `TN t${term}`;
    case "InstallSnapshot":
      return `IS t${term} ${label}`;
    case "InstallSnapshotReply":
      return `✓ ${label}`;
    case "AppendEntries":
      return `AE t${term} ${label}`;
    case "AppendEntriesReply":
      return `${success === true ? "✓" : "✗"} ${label}`;
    case "ReadIndex":
      return `RI t${term}`;
    case "ReadIndexReply":
      return success === true ? `✓ RI` : `✗ RI`;
    default:
      return unreachable(kind);
  }
}
