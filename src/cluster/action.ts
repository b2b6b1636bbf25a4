import type { NodeId } from "../raft/index.ts";

/** What a user can do to a cluster. */
export type Action =
  /** Hands a command to `node`, or to whoever leads when that is null. */
  | { readonly kind: "submit"; readonly node: NodeId | null; readonly command: string }
  | { readonly kind: "crash"; readonly node: NodeId }
  | { readonly kind: "restart"; readonly node: NodeId }
  /** The leader hands over to this node. */
  | { readonly kind: "transfer"; readonly to: NodeId }
  /** From now on nothing arrives at `to` from `from`; the other way is another link. */
  | { readonly kind: "cutLink"; readonly from: NodeId; readonly to: NodeId }
  | { readonly kind: "healLink"; readonly from: NodeId; readonly to: NodeId }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "setSpeed"; readonly speed: number }
  /** A node that did not exist is started, and the leader takes it in (§6). */
  | { readonly kind: "addNode"; readonly as: "voter" | "learner" }
  /** The leader does without this node, which is then stopped for good. */
  | { readonly kind: "removeNode"; readonly node: NodeId }
  /** The node writes its state machine down and cuts its log (§7). */
  | { readonly kind: "compact"; readonly node: NodeId }
  /**
   * Reads the value of a name, or all values if that is null, at `node` or at whoever leads. What
   * was acknowledged before this was asked for is seen.
   */
  | { readonly kind: "read"; readonly node: NodeId | null; readonly name: string | null };

/** The most nodes that a cluster can have at one time. */
export const memberLimit = 9;

/** The speeds that can be set: a hundredth to a hundred times that of the timing. */
export const speedRange = { slowest: 0.01, fastest: 100 };
