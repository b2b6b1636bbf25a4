/** Three nodes of one library in this process, of which one leads; all are driven alike. */
export interface Contender {
  /** How many commands the leader has committed and applied. */
  readonly answered: number;
  /** What the state machine of each node was given, in that order. */
  readonly applied: readonly (readonly string[])[];
  /** Hands commands to the leader. */
  propose(commands: readonly string[]): void;
  /** Lets the nodes work until at least one more command is answered. */
  work(): void | Promise<void>;
  /** Lets the nodes work until every one of them has applied `count` commands. */
  settle(count: number): void | Promise<void>;
}

/** How the commands of one turn are handed in: each as a proposal of its own, or all as one. */
export type Handing = "apart" | "together";

/** The libraries, in the ways in which they can be handed commands. */
export const contenders = {
  /** `RaftNode` as the live cluster drives it: what comes in one turn is one proposal. */
  ours: async () => (await import("./ours.ts")).ours("together"),
  ours_apart: async () => (await import("./ours.ts")).ours("apart"),
  /** `RawNode.propose` for each command and one Ready for all, as its documents say. */
  coaty: async () => (await import("./coaty.ts")).coaty("apart"),
  /** One MsgProp with all commands, which nothing in the library does, but its core allows. */
  coaty_together: async () => (await import("./coaty.ts")).coaty("together"),
  /** `node.command` for each command; there is no other way. */
  skiff: async () => (await import("./skiff.ts")).skiff(),
} as const satisfies Readonly<Record<string, () => Promise<Contender>>>;

export type ContenderName = keyof typeof contenders;
