import { reformat, type Action } from "../cluster/index.ts";
import type { NodeId } from "../raft/index.ts";
import type { ActionId, TraceEvent } from "../trace/index.ts";
import type { Connection } from "./connection.ts";
import type { ClientAnswer, ClientFrame } from "./frames.ts";

interface Open {
  readonly connection: Connection;
  /** The client's own name for its request. */
  readonly id: ActionId;
}

/** Where clients that came over a socket wait for their answers. */
export class ClientDesk {
  readonly #act: (id: ActionId, action: Action) => void;
  readonly #open = new Map<ActionId, Open>();
  #count = 0;

  constructor(act: (id: ActionId, action: Action) => void) {
    this.#act = act;
  }

  /** A client asks `node` to write or to read something. */
  readonly requested = (node: NodeId, connection: Connection, request: ClientFrame): void => {
    // Two clients may call their requests the same.
    const action = `client-${++this.#count}`;
    this.#open.set(action, { connection, id: request.id });
    if (request.kind === "read") {
      return this.#act(action, { kind: "read", node, name: request.name });
    }
    // What is no JSON stays as it is, and is refused for that.
    const command = reformat(request.command) ?? request.command;
    this.#act(action, { kind: "submit", node, command });
  };

  take(event: TraceEvent): void {
    switch (event.kind) {
      case "answered":
        return this.#answer(event.action, event.answer);
      case "unanswered":
        return this.#answer(event.action, { kind: "unanswered" });
      case "refused":
        return this.#answer(event.action, { kind: "refused", reason: event.reason });
      default:
    }
  }

  #answer(action: ActionId, answer: ClientAnswer): void {
    const open = this.#open.get(action);
    if (open === undefined) return;
    this.#open.delete(action);
    open.connection.send({ kind: "answer", id: open.id, answer });
  }
}
