import { isJson, commandLimit, membersOf } from "../cluster/index.ts";
import type { Entry } from "../raft/index.ts";
import type { Storage } from "./raftos-format.ts";

/** What a text says, or why it says nothing that can be used. */
export type Decoded<T> =
  { readonly kind: "good"; readonly value: T } | { readonly kind: "bad"; readonly reason: string };

/**
 * The entry in a line of `.log`, which comes without its end. Any JSON that says the same will do,
 * since raftos writes with whatever JSON library there is. Never throws.
 */
export function decodeLogLine(line: string): Decoded<Entry> {
  if (line.trim() === "") return bad("a blank line");
  const members = readMembers(line);
  if (members.kind === "bad") return members;
  const [termText, command] = [members.value.get("term"), members.value.get("command")];
  if (termText === undefined || command === undefined || members.value.size !== 2) {
    return bad("no entry of raftos, which is a term and a command");
  }
  const term = countIn(termText);
  if (term === undefined || term === 0) return bad(`no term: ${shown(termText)}`);
  if (!command.startsWith("{")) return bad(`no command: ${shown(command)} is not an object`);
  if (command === "{}") return { kind: "good", value: { kind: "noOp", term } };
  if (command.length > commandLimit)
    return bad(`a command of more than ${commandLimit} characters`);
  return { kind: "good", value: { kind: "command", term, command } };
}

/** What a `.storage` says. Raftos starts at term 0 from an empty one, and so does this. */
export function decodeStorage(text: string): Decoded<Storage> {
  if (text.trim() === "") return { kind: "good", value: { term: 0, votedFor: null } };
  const members = readMembers(text);
  if (members.kind === "bad") return members;
  const fields = new Map(members.value);
  // Until raftos has seen an election its file has the term only.
  const [termText, vote = "null"] = [fields.get("term"), fields.get("voted_for")];
  fields.delete("term");
  fields.delete("voted_for");
  if (termText === undefined || fields.size > 0) {
    return bad("no storage of raftos, which is a term and a vote");
  }
  const term = countIn(termText);
  if (term === undefined) return bad(`no term: ${shown(termText)}`);
  const votedFor: unknown = JSON.parse(vote);
  if (votedFor !== null && typeof votedFor !== "string") return bad(`no vote: ${shown(vote)}`);
  return { kind: "good", value: { term, votedFor } };
}

function readMembers(text: string): Decoded<ReadonlyMap<string, string>> {
  const members = membersOf(text);
  if (members !== undefined) return { kind: "good", value: members };
  if (!isJson(text)) {
    // Python writes these three, though JSON has no such numbers.
    const hasOnlyOddNumbers = isJson(text.replace(/-?\b(?:NaN|Infinity)\b/g, "0"));
    return bad(hasOnlyOddNumbers ? "NaN or Infinity is in it, which is not JSON" : "not JSON");
  }
  const isObject = text.trimStart().startsWith("{");
  return bad(isObject ? "nested too deep, or with too large a number" : "not a JSON object");
}

/** A whole number from 0 on that is exact. `1.0` is none, nor is `"1"`. */
function countIn(json: string): number | undefined {
  const count = Number(json);
  return /^\d+$/.test(json) && Number.isSafeInteger(count) ? count : undefined;
}

function shown(json: string): string {
  return json.length > 40 ? `${json.slice(0, 39)}…` : json;
}

function bad(reason: string): { readonly kind: "bad"; readonly reason: string } {
  return { kind: "bad", reason };
}
