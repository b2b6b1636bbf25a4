import { once } from "node:events";
import { createServer } from "node:net";
import { loopback } from "./sockets.ts";

/** Where nodes are looked for first, as in the lab. */
const firstPort = 8000;
const lastPort = 65_535;

/** The first `count` ports from 8000 on that nobody listens on now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const free: number[] = [];
  for (let port = firstPort; free.length < count; port++) {
    if (port > lastPort) throw new Error(`fewer than ${count} ports are free`);
    if (await isFree(port)) free.push(port);
  }
  return free;
}

/** Asked by listening, because that is what the node will do. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: loopback, port, exclusive: true });
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
