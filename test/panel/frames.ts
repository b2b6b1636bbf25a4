import type { FlightPicture, PanelUpdate, Picture } from "../../src/panel/index.ts";
import { openSample } from "../support/sample-pictures.ts";
import type { PreviewServer } from "./preview.ts";

/** How a page keeps up while everything moves. */
export interface FrameFigures {
  readonly nodes: number;
  readonly messages: number;
  /** Script, style and layout in a frame, in milliseconds; without painting, which is another's. */
  readonly meanMillis: number;
  readonly framesPerSecond: number;
}

const measuredMillis = 4000;

/** One line for each size that there is a goal for. */
export async function measureFrames(server: PreviewServer): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [sample, messages] of [
    ["normal", 20],
    ["n25", 200],
  ] as const) {
    const { nodes, meanMillis, framesPerSecond } = await framesOf(server, sample, messages);
    lines.push(
      `${nodes} nodes, ${messages} messages: ${meanMillis.toFixed(2)} ms script and layout a frame, ` +
        `${framesPerSecond.toFixed(1)} frames a second`,
    );
  }
  return lines;
}

/** Lets the cluster of a sample run, with as many messages always on their way. */
export async function framesOf(
  server: PreviewServer,
  sample: string,
  messages: number,
): Promise<FrameFigures> {
  const { page, tell } = await server.open({ theme: "dark", width: 1400, height: 900 });
  const { opened } = openSample(sample, null);
  if (opened.kind !== "opened") throw new Error(`${sample} shows no cluster`);
  const picture = busy(opened.picture, messages);
  await tell({ ...opened, picture });
  await page.waitForTimeout(1500);
  const session = await page.context().newCDPSession(page);
  // Of the processor, not of the clock on the wall: other work on the machine does not count.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return (of("ScriptDuration") + of("LayoutDuration") + of("RecalcStyleDuration")) * 1000;
  };
  await page.evaluate(() => {
    const counter = { frames: 0 };
    Reflect.set(globalThis, "counter", counter);
    const count = () => {
      counter.frames++;
      requestAnimationFrame(count);
    };
    count();
  });
  const frames = () => page.evaluate((): number => Reflect.get(globalThis, "counter").frames);
  const start = { spent: await read(), frames: await frames(), at: performance.now() };
  let time = picture.clock.time;
  // The host tells the time and one node thirty times a second.
  while (performance.now() - start.at < measuredMillis) {
    await tell(step(picture, (time = picture.clock.time + performance.now() - start.at)));
    await page.waitForTimeout(33);
  }
  const spent = (await read()) - start.spent;
  const drawn = (await frames()) - start.frames;
  const seconds = (performance.now() - start.at) / 1000;
  await page.close();
  if (time === picture.clock.time) throw new Error("time stood still");
  return {
    nodes: picture.nodes.length,
    messages,
    meanMillis: spent / drawn,
    framesPerSecond: drawn / seconds,
  };
}

/** The same cluster, live, with so many messages that fly for longer than anyone looks. */
function busy(picture: Picture, count: number): Picture {
  const ids = picture.members.map(({ id }) => id);
  const { time } = picture.clock;
  const flights = Array.from({ length: count }, (_, at): FlightPicture => {
    const [from, to] = [ids[at % ids.length] ?? "", ids[(at * 7 + 1) % ids.length] ?? ""];
    return {
      id: at + 1_000_000,
      kind: at % 2 === 0 ? "AppendEntries" : "AppendEntriesReply",
      from,
      to: to === from ? (ids[(at + 1) % ids.length] ?? "") : to,
      term: 1 + (at % 6),
      success: at % 2 === 0 ? null : true,
      entries: at % 3,
      label: "prev 12/t3, 13 to 14",
      sent: time - 500 - at,
      arrival: time + measuredMillis * 3,
      end: null,
    };
  });
  const clock = { ...picture.clock, runs: true, speed: 1 };
  return { ...picture, source: { kind: "live", paused: false }, clock, flights };
}

function step({ clock, nodes }: Picture, time: number): PanelUpdate {
  const node = nodes[Math.floor(time / 33) % nodes.length];
  const changed = node === undefined ? [] : [{ ...node, electionDeadline: time + 2000 }];
  const change = { clock: { ...clock, time, end: time }, nodes: changed };
  return { kind: "changed", change };
}
