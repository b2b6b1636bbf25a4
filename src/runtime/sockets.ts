import { WebSocket } from "ws";
import { frameLimit } from "./frames.ts";

// What the two ends of a socket agree on. A browser can reach the loopback address, too, so both
// the address and the token are told in ways that a web page has not got.

export const loopback = "127.0.0.1";

/** The subprotocol that is spoken. The other one on offer is the token: URLs get logged. */
export const protocol = "raftlab.v1";

const tokenPrefix = "t.";

/** What one end makes the other keep to. Compression would let few bytes become many. */
export const socketLimits = {
  maxPayload: frameLimit,
  maxFragments: 64,
  maxBufferedChunks: 4096,
  perMessageDeflate: false,
  closeTimeout: 1000,
};

/** The most bytes that wait for a reader who does not read. */
export const bufferLimit = 1024 * 1024;

/** Starts to connect to whoever listens on that port. */
export function dial(port: number, token: string): WebSocket {
  return new WebSocket(`ws://${loopback}:${port}`, [protocol, tokenPrefix + token], {
    ...socketLimits,
    handshakeTimeout: 1000,
    // Otherwise left without its port where that is the usual one.
    headers: { host: hostOf(port) },
  });
}

export function hostOf(port: number): string {
  return `${loopback}:${port}`;
}

/** The token in the subprotocols that were offered, if they are ours. */
export function offeredToken(header: string | undefined): string | undefined {
  const [first, second, ...others] = (header ?? "").split(",").map((name) => name.trim());
  if (first !== protocol || others.length > 0) return undefined;
  return second?.startsWith(tokenPrefix) === true ? second.slice(tokenPrefix.length) : undefined;
}

/** For a socket's errors: it closes after each, and whoever wants to know listens to that. */
export function closeFollows(): void {}
