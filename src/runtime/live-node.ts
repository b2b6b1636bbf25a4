import type { Member } from "../cluster/index.ts";
import {
  type LogIndex,
  type MembershipRequest,
  type Message,
  type NodeId,
  type RaftState,
} from "../raft/index.ts";
import type { ActionId, ClientRead, ClientRequest, Failure, MessageId } from "../trace/index.ts";
import { clusterFileName } from "./cluster-file.ts";
import { errorText } from "./error-text.ts";
import { openNodeFiles } from "./node-files.ts";
import type { Surroundings } from "./surroundings.ts";
import { Life } from "./node-life.ts";

type Phase =
  | { readonly kind: "down" }
  | { readonly kind: "starting" }
  | { readonly kind: "up"; readonly life: Life };

/** One node through all its lives. Between two of them there is nothing but its files. */
export class LiveNode {
  readonly member: Member;
  readonly #around: Surroundings;
  #phase: Phase = { kind: "down" };
  /** The start that is under way, or the last one. */
  #starting: Promise<void> = Promise.resolve();
  /** What the last life still has to close. */
  #ending: Promise<void> = Promise.resolve();
  #closed = false;
  #imported: boolean;

  constructor(member: Member, around: Surroundings) {
    this.member = member;
    this.#around = around;
    this.#imported = around.imported;
  }

  get life(): Phase["kind"] {
    return this.#phase.kind;
  }

  get port(): number | null {
    return this.#phase.kind === "up" ? this.#phase.life.port : null;
  }

  get state(): RaftState | undefined {
    return this.#phase.kind === "up" ? this.#phase.life.state : undefined;
  }

  /** How far the state machine has come; undefined while the node is down. */
  get lastApplied(): LogIndex | undefined {
    return this.#phase.kind === "up" ? this.#phase.life.lastApplied : undefined;
  }

  /**
   * Recovers what the files hold and begins to take part. Resolves when the node is up or has
   * failed, which the trace tells; never rejects.
   */
  start(action: ActionId | null): Promise<void> {
    if (this.#phase.kind !== "down" || this.#closed) return this.#starting;
    this.#phase = { kind: "starting" };
    this.#starting = this.#start(action);
    return this.#starting;
  }

  /**
   * Starts the node for the first time, once `prepare` has made a place for it. The action that
   * added it is done later, but it is told if the node cannot start.
   */
  join(action: ActionId, prepare: () => Promise<void>): Promise<void> {
    this.#phase = { kind: "starting" };
    this.#starting = this.#start(null, { action, prepare });
    return this.#starting;
  }

  async #start(action: ActionId | null, joining?: Joining): Promise<void> {
    await this.#ending;
    const begun = await this.#begin(joining?.prepare);
    if (this.#closed) {
      if (begun.kind === "begun") await begun.life.end();
      this.#phase = { kind: "down" };
      return;
    }
    this.#around.clock.act(() => {
      if (begun.kind === "failed") {
        this.#phase = { kind: "down" };
        const { failure } = begun;
        const told = { kind: "failed", failure, action: joining?.action ?? action } as const;
        this.#around.recorder.node(this.member.id, told);
      } else {
        this.#phase = { kind: "up", life: begun.life };
        begun.life.begin(action, this.#imported);
        this.#imported = false;
      }
    });
  }

  /** Drops all but the files. */
  crash(action: ActionId | null): void {
    if (this.#phase.kind !== "up") return;
    this.#phase.life.crash(action);
    this.#lifeEnded();
  }

  /** False if the node is not there to take it. */
  receive(id: MessageId, message: Message): boolean {
    if (this.#phase.kind !== "up") return false;
    this.#phase.life.receive(id, message);
    return true;
  }

  request(requests: readonly ClientRequest[]): void {
    if (this.#phase.kind === "up") this.#phase.life.request(requests);
  }

  transfer(action: ActionId, to: NodeId): void {
    if (this.#phase.kind === "up") this.#phase.life.transfer(action, to);
  }

  read(reads: readonly ClientRead[]): void {
    if (this.#phase.kind === "up") this.#phase.life.read(reads);
  }

  compact(action: ActionId): void {
    if (this.#phase.kind === "up") this.#phase.life.compact(action);
  }

  changeMembership(action: ActionId, request: MembershipRequest): void {
    if (this.#phase.kind === "up") this.#phase.life.changeMembership(action, request);
  }

  /** A peer has come up: a connection to it need not wait. */
  peerIsUp(peer: NodeId): void {
    if (this.#phase.kind === "up") this.#phase.life.peerIsUp(peer);
  }

  /** A peer has been stopped for good. */
  peerIsGone(peer: NodeId): void {
    if (this.#phase.kind === "up") this.#phase.life.peerIsGone(peer);
  }

  /** Resolves when the files hold all that has happened so far. */
  async settled(): Promise<void> {
    if (this.#phase.kind === "starting") await this.#starting;
    if (this.#phase.kind === "up") await this.#phase.life.settled();
    else await this.#ending;
  }

  /** Ends the node for good. That is no crash of it: it is the cluster that stops. */
  async close(): Promise<void> {
    this.#closed = true;
    // A start that is under way sees that, and closes what it has opened.
    await this.#starting;
    if (this.#phase.kind === "up") {
      this.#phase.life.close();
      this.#ending = this.#phase.life.end();
      this.#phase = { kind: "down" };
    }
    await this.#ending;
  }

  /** Ends the node for good while the others go on. Resolves when its files are closed. */
  leave(): Promise<void> {
    if (this.#phase.kind === "up") {
      this.#phase.life.close();
      this.#lifeEnded();
    }
    return this.close();
  }

  async #begin(
    prepare?: () => Promise<void>,
  ): Promise<
    | { readonly kind: "begun"; readonly life: Life }
    | { readonly kind: "failed"; readonly failure: Failure }
  > {
    const { member } = this;
    try {
      await prepare?.();
    } catch (error) {
      const failure = { kind: "disk", file: clusterFileName, error: errorText(error) } as const;
      return { kind: "failed", failure };
    }
    let life: Life | undefined;
    const opened = await openNodeFiles(member, this.#around, (notice) => life?.notice(notice));
    if (opened.kind === "failed") return opened;
    life = new Life(member, this.#around, opened.files, () => this.#lifeEnded());
    try {
      await life.listen();
      return { kind: "begun", life };
    } catch (error) {
      await life.end();
      const { address } = member;
      return { kind: "failed", failure: { kind: "socket", address, error: errorText(error) } };
    }
  }

  #lifeEnded(): void {
    if (this.#phase.kind !== "up") return;
    this.#ending = this.#phase.life.end();
    this.#phase = { kind: "down" };
    this.#around.network.nodeDown(this.member.id);
  }
}

interface Joining {
  readonly action: ActionId;
  readonly prepare: () => Promise<void>;
}
