import type { Mark, Picture } from "../protocol.ts";
import { markBeside } from "../tape-marks.ts";
import { zoomedBy, zoomedTo, type Scale, type Zoom } from "../tape-model.ts";
import { used } from "./rove.ts";
import type { LanesScene } from "./tape-lanes.ts";
import type { RunScene } from "./tape-run.ts";
import type { Send } from "./view.ts";

interface Tape {
  readonly scene: () => RunScene | null;
  readonly lanes: () => LanesScene | null;
  readonly marks: () => readonly Mark[];
  readonly markNear: (x: number) => Mark | undefined;
  readonly zoom: () => Zoom | null;
  readonly setZoom: (zoom: Zoom) => void;
  /** The playhead follows the pointer, before the host has answered. */
  readonly moved: () => void;
}

/** At most so often the host is asked to travel while the playhead is dragged: 30 times a second. */
const seekMillis = 1000 / 30;
/** How near an edge of the brush one takes hold of it, and how far a drag is no click any more. */
const [edge, slack] = [5, 3];
/** How long the playhead stays where it was put while the host has not answered. */
const answerMillis = 700;

type Drag =
  | { readonly kind: "seek"; readonly scale: Scale }
  | { readonly kind: "brush"; readonly zoom: Zoom; readonly side: "left" | "right" | "both" }
  | { readonly kind: "none" };

/** Travelling by pointer, wheel and keys. */
export class TapeHandling {
  readonly #svg: SVGSVGElement;
  readonly #send: Send;
  readonly #tape: Tape;
  #drag: Drag = { kind: "none" };
  #start = 0;
  #hasMoved = false;
  /** Where the playhead was put, at which real time, and which event count the host had then. */
  #put: { readonly time: number; readonly at: number; readonly clock: Picture["clock"] } | null =
    null;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(element: SVGSVGElement, send: Send, tape: Tape) {
    this.#svg = element;
    this.#send = send;
    this.#tape = tape;
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    element.addEventListener("pointerup", (event) => this.#up(event));
    element.addEventListener("pointercancel", () => this.#end());
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  get isDragging(): boolean {
    return this.#drag.kind !== "none";
  }

  /** Where the playhead is while it is held; null when it stands at its own time. */
  timeAt({ clock }: Picture): number | null {
    const put = this.#put;
    if (put === null) return null;
    const isAnswered = this.#drag.kind === "none" && put.clock !== clock;
    if (isAnswered || (this.#drag.kind === "none" && performance.now() - put.at > answerMillis)) {
      this.#put = null;
      return null;
    }
    return put.time;
  }

  #down(event: PointerEvent): void {
    const scene = this.#tape.scene();
    if (scene === null || event.button !== 0) return;
    const { x, y } = this.#point(event);
    this.#start = x;
    this.#hasMoved = false;
    this.#svg.setPointerCapture(event.pointerId);
    this.#drag = this.#dragAt(scene, x, y);
    if (this.#drag.kind === "seek" && !this.#isOnMark(scene, x, y)) this.#seekTo(x);
  }

  #dragAt({ shape, scale, window }: RunScene, x: number, y: number): Drag {
    const lanes = this.#tape.lanes();
    if (lanes !== null && y >= shape.lanes - 6) return { kind: "seek", scale: lanes.scale };
    const zoom = this.#tape.zoom();
    const [from, to] = [scale.at(window.from), scale.at(window.to)];
    const isOnBand = y >= shape.band - 3;
    if (zoom === null || lanes === null || !isOnBand || x < from - edge || x > to + edge) {
      return { kind: "seek", scale };
    }
    const isWide = to - from > 4 * edge;
    const side = isWide && x < from + edge ? "left" : isWide && x > to - edge ? "right" : "both";
    return { kind: "brush", zoom, side };
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    const scene = this.#tape.scene();
    const { x, y } = this.#point(event);
    if (scene === null) return;
    if (drag.kind === "none") return this.#showCursor(scene, x, y);
    if (Math.abs(x - this.#start) > slack) this.#hasMoved = true;
    if (!this.#hasMoved) return;
    if (drag.kind === "seek") return this.#seekTo(x);
    const by = scene.scale.timeAt(x) - scene.scale.timeAt(this.#start);
    this.#tape.setZoom(zoomDragged(drag.zoom, drag.side, by, scene));
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    const scene = this.#tape.scene();
    const { x, y } = this.#point(event);
    this.#drag = { kind: "none" };
    if (scene === null || this.#hasMoved) return this.#end();
    const mark = this.#isOnMark(scene, x, y) ? this.#tape.markNear(x) : undefined;
    if (mark !== undefined) this.#send({ kind: "seek", seq: mark.seq });
    else if (drag.kind === "brush") this.#seekTo(x, scene.scale);
    this.#end();
  }

  #end(): void {
    this.#drag = { kind: "none" };
  }

  #isOnMark({ shape }: RunScene, x: number, y: number): boolean {
    return y < shape.band - 1 && this.#tape.markNear(x) !== undefined;
  }

  #showCursor(scene: RunScene, x: number, y: number): void {
    const drag = this.#dragAt(scene, x, y);
    const isOnMark = this.#isOnMark(scene, x, y);
    const cursor =
      drag.kind === "brush"
        ? drag.side === "both"
          ? "grab"
          : "ew-resize"
        : isOnMark
          ? "pointer"
          : "";
    if (this.#svg.style.cursor !== cursor) this.#svg.style.cursor = cursor;
  }

  #seekTo(x: number, scale = this.#drag.kind === "seek" ? this.#drag.scale : null): void {
    const scene = this.#tape.scene();
    if (scale === null || scene === null) return;
    const { tape, clock } = scene.picture;
    const time = Math.max(tape.start, Math.min(tape.end, scale.timeAt(x)));
    this.#put = { time, at: performance.now(), clock };
    this.#tape.moved();
    this.#ask(time);
  }

  /** Asks the host to travel: at once, or a little later with whatever is wanted then. */
  #ask(time: number): void {
    if (this.#waiting !== undefined) clearTimeout(this.#waiting);
    const left = seekMillis - (performance.now() - this.#asked);
    this.#waiting = setTimeout(
      () => {
        this.#waiting = undefined;
        this.#asked = performance.now();
        this.#send({ kind: "seekTime", time });
      },
      Math.max(0, left),
    );
  }

  #wheel(event: WheelEvent): void {
    const scene = this.#tape.scene();
    const zoom = this.#tape.zoom();
    const lanes = this.#tape.lanes();
    if (scene === null || zoom === null || lanes === null) return;
    used(event);
    const { x, y } = this.#point(event);
    const isAlong = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isAlong) {
      const turn = event.deltaX === 0 ? event.deltaY : event.deltaX;
      const by = (turn / Math.max(1, scene.shape.right - scene.shape.left)) * zoom.length;
      return this.#tape.setZoom(zoomedTo(zoom, zoom.to + by, scene.whole));
    }
    const scale = y >= scene.shape.lanes - 6 ? lanes.scale : scene.scale;
    this.#tape.setZoom(zoomedBy(zoom, Math.exp(event.deltaY / 400), scale.timeAt(x)));
  }

  #key(event: KeyboardEvent): void {
    const scene = this.#tape.scene();
    if (scene === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const { clock, tape } = scene.picture;
    switch (event.key) {
      case "ArrowRight":
      case "ArrowUp":
        used(event);
        if (clock.position === "past") this.#send({ kind: "run", command: "stepForward" });
        return;
      case "ArrowLeft":
      case "ArrowDown":
        used(event);
        return this.#send({ kind: "run", command: "stepBack" });
      case "PageUp":
        used(event);
        return this.#toMark(markBeside(this.#tape.marks(), clock.seq, 1));
      case "PageDown":
        used(event);
        return this.#toMark(markBeside(this.#tape.marks(), clock.seq, -1));
      case "Home":
        used(event);
        return this.#send({ kind: "seekTime", time: tape.start });
      case "End":
        used(event);
        return this.#send({ kind: "run", command: "goLive" });
      case "+":
      case "=":
      case "-":
        used(event);
        return this.#zoomBy(event.key === "-" ? 1.5 : 1 / 1.5, clock.time);
      default:
        return;
    }
  }

  #toMark(mark: Mark | undefined): void {
    if (mark !== undefined) this.#send({ kind: "seek", seq: mark.seq });
  }

  #zoomBy(factor: number, about: number): void {
    const zoom = this.#tape.zoom();
    if (zoom !== null) this.#tape.setZoom(zoomedBy(zoom, factor, about));
  }

  #point(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.#svg.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

function zoomDragged(
  zoom: Zoom,
  side: "left" | "right" | "both",
  by: number,
  { whole }: RunScene,
): Zoom {
  if (side === "both") return zoomedTo(zoom, zoom.to + by, whole);
  const other = side === "left" ? zoom.to : zoom.to - zoom.length;
  const length = Math.max(100, zoom.length + (side === "left" ? -by : by));
  return zoomedTo({ ...zoom, length }, side === "left" ? other : other + length, whole);
}
