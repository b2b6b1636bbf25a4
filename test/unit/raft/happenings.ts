import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  lastIndex,
  lastTerm,
  RaftNode,
  type Effect,
  type Input,
  type Message,
  type Millis,
} from "../../../src/raft/index.ts";
import { follower, members, now } from "./cases.ts";

interface Happening {
  readonly kind: "deliver" | "lose" | "repeat" | "save" | "wake" | "propose";
  readonly pick: number;
}

/** Anything that may happen to a cluster, in any order. */
export const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 14, arbitrary: fc.constant("deliver" as const) },
      { weight: 6, arbitrary: fc.constant("save" as const) },
      { weight: 1, arbitrary: fc.constantFrom("lose" as const, "repeat" as const) },
      { weight: 2, arbitrary: fc.constant("propose" as const) },
      { weight: 1, arbitrary: fc.constant("wake" as const) },
    ),
    pick: fc.nat(999),
  }),
  { minLength: 50, maxLength: 300, size: "max" },
);

type Watch = (node: RaftNode, input: Input, at: Millis) => readonly Effect[];

/**
 * Three nodes to which `list` happens; `watch` takes each step and answers its effects.
 *
 * A disk writes at once but tells of it when it is its turn, in the order of writing.
 */
export function happen(list: readonly Happening[], watch: Watch): readonly RaftNode[] {
  const nodes = members(3).map((id) => RaftNode.at({ ...follower().state, id }));
  const underWay: Message[] = [];
  const written: { readonly node: RaftNode; readonly input: Input }[] = [];

  const take = (node: RaftNode, input: Input, at: Millis) => {
    for (const effect of watch(node, input, at)) {
      if (effect.kind === "send") underWay.push(effect.message);
      if (effect.kind !== "save") continue;
      const { currentTerm, log: held } = node.state;
      const upTo = { currentTerm, index: lastIndex(held), term: lastTerm(held) };
      written.push({ node, input: { kind: "saved", ...upTo } });
    }
  };
  let at = now;
  for (const { kind, pick } of list) {
    const node = nodes[pick % nodes.length];
    assert(node !== undefined);
    const place = pick % Math.max(underWay.length, 1);
    const message = underWay[place];
    if (kind === "save") {
      const next = written.shift();
      if (next !== undefined) take(next.node, next.input, at);
    } else if (kind === "propose") {
      take(node, { kind: "propose", commands: [`command ${pick}`] }, at);
    } else if (kind === "wake") {
      at = Math.max(at, node.nextDeadline);
      take(node, { kind: "wake" }, at);
    } else if (message !== undefined) {
      if (kind !== "repeat") underWay.splice(place, 1);
      const receiver = nodes.find(({ state }) => state.id === message.to);
      assert(receiver !== undefined);
      if (kind !== "lose") take(receiver, { kind: "receive", message }, at);
    }
  }
  return nodes;
}
