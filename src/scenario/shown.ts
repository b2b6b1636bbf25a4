import { lastIndex, slice, type Log, type NodeId, type Term } from "../raft/index.ts";
import type { Stage } from "./stage.ts";

/** How many entries of a log are worth showing. */
const most = 12;

export function sameTerms(log: Log, terms: readonly Term[]): boolean {
  if (lastIndex(log) !== terms.length) return false;
  return slice(log, 1).every(({ term }, at) => term === terms[at]);
}

/** `n1 is follower of term 2, log 1 1 2, committed 2; n3 is down` */
export function shownNodes(stage: Stage, nodes: readonly NodeId[]): string {
  if (nodes.length === 0) return "no node was chosen";
  return nodes.map((id) => shownNode(stage, id)).join("; ");
}

/** The last few of many. */
export function shownLog(items: readonly (string | number)[]): string {
  if (items.length === 0) return "nothing";
  const before = items.length > most ? `${items.length - most} more, then ` : "";
  return `${before}${items.slice(-most).join(" ")}`;
}

function shownNode(stage: Stage, id: NodeId): string {
  const state = stage.stateOf(id);
  if (state === undefined) return `${id} is down`;
  const { role, currentTerm, log, commitIndex } = state;
  const terms = slice(log, 1).map(({ term }) => term);
  return `${id} is ${role.kind} of term ${currentTerm}, log ${shownLog(terms)}, committed ${commitIndex}`;
}
