import * as v from "valibot";
import type { Message, Millis, NodeId } from "../raft/index.ts";
import {
  answerSchema,
  messageIdSchema,
  messageSchema,
  millisSchema,
  readJson,
  refusalSchema,
  type ActionId,
  type Answer,
  type MessageId,
  type Refusal,
} from "../trace/index.ts";

/** What goes over a socket, each a JSON text of its own. */
export type Frame = Opening | MessageFrame | AnswerFrame;

/** What a connection starts with: it tells a node's from a client's. */
export type Opening = HelloFrame | ClientFrame;

/** What a client sends. */
export type ClientFrame = RequestFrame | ReadFrame;

/** A node of that cluster is at the other end. */
export interface HelloFrame {
  readonly kind: "hello";
  readonly node: NodeId;
  readonly cluster: string;
}

/** From node to node. The receiver holds the message back until its `arrival`. */
export interface MessageFrame {
  readonly kind: "message";
  readonly id: MessageId;
  readonly arrival: Millis;
  readonly message: Message;
}

/** A client asks for something to be written; `id` is its own name for that. */
export interface RequestFrame {
  readonly kind: "request";
  readonly id: ActionId;
  readonly command: string;
}

/** A client asks for the value of a name, or for all values if that is null. */
export interface ReadFrame {
  readonly kind: "read";
  readonly id: ActionId;
  readonly name: string | null;
}

/** What came of the request of that id. */
export interface AnswerFrame {
  readonly kind: "answer";
  readonly id: ActionId;
  readonly answer: ClientAnswer;
}

/** What a client is told: an answer of the node, or why there is none. */
export type ClientAnswer =
  | Answer
  | { readonly kind: "refused"; readonly reason: Refusal }
  /** The node stopped with the command in its hands: it may commit yet, or never. */
  | { readonly kind: "unanswered" };

/** The longest frame, in characters; their bytes are held to the same by the sockets. */
export const frameLimit = 1024 * 1024;

/** The most entries in one message. Ours carry fewer; it bounds what another program may send. */
const entryLimit = 1024;

const nameLimit = 64;

const nameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(nameLimit));

const clientAnswerSchema = v.variant("kind", [
  answerSchema,
  v.strictObject({ kind: v.literal("refused"), reason: refusalSchema }),
  v.strictObject({ kind: v.literal("unanswered") }),
]);

const frameSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("message"),
    id: messageIdSchema,
    arrival: millisSchema,
    message: v.pipe(messageSchema, v.check(isBounded)),
  }),
  v.strictObject({ kind: v.literal("hello"), node: nameSchema, cluster: nameSchema }),
  v.strictObject({ kind: v.literal("request"), id: nameSchema, command: v.string() }),
  v.strictObject({ kind: v.literal("read"), id: nameSchema, name: v.nullable(v.string()) }),
  v.strictObject({ kind: v.literal("answer"), id: nameSchema, answer: clientAnswerSchema }),
]);

export function encodeFrame(frame: Frame): string {
  // Compiles only while the schema knows every frame.
  const known: v.InferOutput<typeof frameSchema> = frame;
  return JSON.stringify(known);
}

/** The frame that somebody sent, if it is one. Never throws. */
export function decodeFrame(raw: string | Buffer): Frame | undefined {
  if (raw.length > frameLimit) return undefined;
  const json = readJson(raw.toString(), frameLimit);
  if (json.kind === "bad") return undefined;
  const decoded = v.safeParse(frameSchema, json.value, { abortEarly: true });
  return decoded.success ? decoded.output : undefined;
}

function isBounded(message: Message): boolean {
  if (message.from.length > nameLimit || message.to.length > nameLimit) return false;
  if ("id" in message && message.id.length > nameLimit) return false;
  return message.kind !== "AppendEntries" || message.entries.length <= entryLimit;
}
