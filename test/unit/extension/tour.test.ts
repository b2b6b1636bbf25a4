import assert from "node:assert/strict";
import { test } from "node:test";
import { standInForVscode } from "./vscode-stand-in.ts";

standInForVscode();
const { openTour } = await import("../../../src/extension/open-tour.ts");
const { PanelSession } = await import("../../../src/extension/panel-session.ts");
const { Tour } = await import("../../../src/extension/tour.ts");

const { exploration, members, seed, stops } = await openTour((text, ...values) =>
  text.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
);

/** A tour at its first stop, on a session of its own. */
function started() {
  let ends = 0;
  const session = new PanelSession({
    exploration,
    members,
    source: () => ({ kind: "simulated", seed }),
    tour: () => tour.picture(),
  });
  const tour = new Tour({
    stops,
    timeAt: (seq) => exploration.timeAt(seq),
    session: () => session,
    ended: () => ends++,
  });
  tour.start();
  /** Plays until it stands; answers how long that took, in real milliseconds. */
  const arrive = (): number => {
    let millis = 0;
    for (; session.isPlaying && millis < 30_000; millis += 33) session.tick(33);
    assert.equal(session.isPlaying, false);
    return millis;
  };
  return { session, tour, arrive, ends: () => ends };
}

/** What the panel is told of the tour now. */
function told({ session }: ReturnType<typeof started>) {
  session.reset();
  const update = session.nextUpdate();
  assert(update?.kind === "opened");
  return update.picture.tour;
}

test("a tour begins at its first stop, which stands still in the past", () => {
  const { session, tour } = started();
  assert.equal(session.seq, stops[0]?.seq);
  assert.equal(session.isPast, true);
  assert.equal(session.isPlaying, false);
  assert.equal(tour.picture()?.title, stops[0]?.title);
});

test("Next plays to each stop, in three to six seconds, and stands still there until the end", () => {
  const { session, tour, arrive, ends } = started();
  for (const stop of stops.slice(1)) {
    assert.equal(ends(), 0);
    tour.next();
    assert.equal(session.isPlaying, true);
    const millis = arrive();
    assert(millis >= 2900 && millis <= 6200, `${stop.id} took ${millis} ms`);
    assert.equal(session.seq, stop.seq);
    const picture = tour.picture();
    assert.deepEqual([picture?.title, picture?.text], [stop.title, stop.text]);
  }
  assert.equal(tour.picture()?.isEnd, true);
  tour.next();
  assert.equal(session.seq, stops.at(-1)?.seq);
  assert.equal(ends(), 1);
});

test("on the way to a stop the card says what to watch, and nothing of what is not so yet", () => {
  const { session, tour } = started();
  tour.next();
  session.tick(500);
  const picture = tour.picture();
  assert.deepEqual([picture?.stop, picture?.title, picture?.text], [1, stops[1]?.watch, []]);
  assert.equal(picture?.focus, stops[1]?.focus);
});

test("Next on the way to a stop jumps there", () => {
  const { session, tour } = started();
  tour.next();
  session.tick(500);
  tour.next();
  assert.equal(session.seq, stops[1]?.seq);
  assert.equal(session.isPlaying, false);
});

test("Back jumps, also on the way to a stop, and from the first stop nowhere", () => {
  const { session, tour, arrive } = started();
  tour.next();
  arrive();
  tour.next();
  session.tick(500);
  tour.back();
  assert.equal(session.seq, stops[1]?.seq);
  assert.equal(session.isPlaying, false);
  tour.back();
  tour.back();
  assert.equal(session.seq, stops[0]?.seq);
});

test("after a pause on the way, Next goes on to the stop", () => {
  const { session, tour, arrive } = started();
  tour.next();
  session.tick(500);
  session.playOrPause();
  assert.equal(session.isPlaying, false);
  tour.next();
  assert.equal(session.isPlaying, true);
  arrive();
  assert.equal(session.seq, stops[1]?.seq);
});

test("what was paused on the way and is played again stops where it would have", () => {
  const { session, tour, arrive } = started();
  tour.next();
  session.tick(500);
  session.playOrPause();
  session.playOrPause();
  arrive();
  assert.equal(session.seq, stops[1]?.seq);
  assert.equal(session.isPlaying, false);
});

test("who went elsewhere by the tape is played from the stop where the tour stands", () => {
  const { session, tour, arrive } = started();
  session.seek(400);
  tour.next();
  assert.equal(session.isPlaying, true);
  assert(session.seq < (stops[1]?.seq ?? 0));
  arrive();
  assert.equal(session.seq, stops[1]?.seq);
});

test("the end is told once, when its page is shown", () => {
  const { session, tour, arrive, ends } = started();
  for (let stop = 1; stop < stops.length; stop++) {
    tour.next();
    if (stop < stops.length - 1) tour.next();
    session.nextUpdate();
  }
  assert.equal(ends(), 0);
  arrive();
  session.nextUpdate();
  assert.equal(ends(), 1);
  tour.back();
  tour.next();
  arrive();
  session.nextUpdate();
  assert.equal(ends(), 1);
});

test("the panel is told of the tour, and that the run is simulated", () => {
  const running = started();
  assert.equal(told(running)?.title, stops[0]?.title);
  running.tour.next();
  running.tour.next();
  const update = running.session.nextUpdate();
  const change = update?.kind === "changed" ? update.change : undefined;
  const picture = update?.kind === "moved" ? update.picture : undefined;
  assert.equal((change?.tour ?? picture?.tour)?.title, stops[1]?.title);
});

test("a tour whose panel is gone does nothing", () => {
  const tour = new Tour({
    stops,
    timeAt: (seq) => exploration.timeAt(seq),
    session: () => undefined,
    ended: () => assert.fail(),
  });
  tour.start();
  tour.next();
  tour.back();
  assert.equal(tour.picture(), null);
});
