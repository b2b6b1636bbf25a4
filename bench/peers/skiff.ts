import { EventEmitter, once } from "node:events";
import { createRequire } from "node:module";
import { setTimeout } from "node:timers/promises";
import type { Contender } from "./contender.ts";

// What of skiff-algorithm is used here. Its callbacks get an error, or nothing.

type Callback = (error?: Error | null, result?: unknown) => void;

interface Node extends EventEmitter {
  readonly id: string;
  listen(address: string): void;
  join(peer: string, callback: Callback): void;
  command(command: string, callback: Callback): void;
}
type NewNode = (options: Readonly<Record<string, unknown>>) => Node;
type Receiver = (type: string, args: unknown, callback: Callback) => void;
type Listener = (peer: string, metadata: unknown, connection: Connection) => void;

/** One end of a connection: what is sent at one is received at the other, in the same call. */
class Connection extends EventEmitter {
  other: Connection | undefined;
  #receiver: Receiver | undefined;

  send(type: string, args: unknown, callback: Callback): void {
    const receiver = this.other === undefined ? undefined : this.other.#receiver;
    if (receiver === undefined) callback(new Error("nobody is there"));
    else receiver(type, args, callback);
  }

  receive(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  close(callback?: Callback): void {
    setImmediate(() => {
      this.emit("close");
      callback?.();
    });
  }
}

/** skiff-algorithm, set up as its documents say: a leader that two standby nodes join. */
export async function skiff(): Promise<Contender> {
  const newNode: NewNode = createRequire(import.meta.url)("skiff-algorithm");
  const listeners = new Map<string, Listener>();
  const applied = new Map<string, string[]>();
  const transport = {
    listen: (id: string, _options: unknown, listener: Listener) => void listeners.set(id, listener),
    connect(local: string, metadata: unknown, remote: string): Connection {
      const [near, far] = [new Connection(), new Connection()];
      [near.other, far.other] = [far, near];
      setImmediate(() => listeners.get(remote)?.(local, metadata, far));
      return near;
    },
  };
  let told = (): void => {};
  const persistence = {
    saveMeta: (_node: string, _state: unknown, callback: Callback) => callback(),
    loadMeta: (_node: string, callback: Callback) => void setImmediate(callback),
    lastAppliedCommitIndex: (_node: string, callback: Callback) => void setImmediate(callback),
    saveCommitIndex: (_node: string, _index: number, callback: Callback) => callback(),
    applyCommand(node: string, _index: number, command: string, callback: Callback): void {
      applied.get(node)?.push(command);
      callback();
      told();
    },
  };
  // Its clock is the real one, and a busy machine may stop us for longer than a usual timeout.
  const patience = { minElectionTimeout: 500, maxElectionTimeout: 700, commandTimeout: 20_000 };
  // Like the others it keeps its whole log, so that nothing is sent as a snapshot.
  const options = { transport, persistence, ...patience, retainedLogEntries: 10_000_000 };
  const open = (id: string, standby: boolean): Node => {
    applied.set(id, []);
    const node = newNode({ ...options, id, standby });
    node.listen(id);
    return node;
  };
  const leader = open("n1", false);
  await once(leader, "leader");
  for (const id of ["n2", "n3"]) {
    open(id, true);
    await new Promise<void>((resolve, reject) => {
      leader.join(id, (error) => (error ? reject(error) : resolve()));
    });
  }

  let answered = 0;
  let failure: Error | undefined;
  let seen = 0;
  const noteAnswer: Callback = (error) => {
    if (error) failure ??= error;
    else answered++;
    told();
  };
  const until = (isDone: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      told = () => {
        if (failure !== undefined) reject(failure);
        else if (isDone()) resolve();
      };
      told();
    });
  return {
    get answered() {
      return answered;
    },
    applied: [...applied.values()],
    propose(commands) {
      for (const command of commands) leader.command(command, noteAnswer);
    },
    async work() {
      await until(() => answered > seen);
      seen = answered;
    },
    async settle(count) {
      const everyone = until(() => [...applied.values()].every(({ length }) => length >= count));
      await Promise.race([everyone, setTimeout(5_000)]);
    },
  };
}
