import type { Model } from "../model.ts";
import type { ClockPicture, Picture } from "../protocol.ts";
import { momentText } from "../tape-marks.ts";
import {
  firstZoom,
  scaleOf,
  spanOf,
  wholeSpan,
  zoomAfter,
  zoomReleased,
  type Span,
  type Zoom,
} from "../tape-model.ts";
import { sayIn, type Say } from "../texts.ts";
import { hatchPatterns } from "./hatch.ts";
import { codicon, html } from "./html.ts";
import { set, svg } from "./svg.ts";
import { TapeHandling } from "./tape-handling.ts";
import { tapeHatch, TapeLanes, type LanesScene } from "./tape-lanes.ts";
import { TapeRun, type RunScene } from "./tape-run.ts";
import { tapeShape, type TapeShape } from "./tape-shape.ts";
import type { Surroundings, View } from "./view.ts";

/** How often, in real time, more than the playhead is drawn while time goes on by itself. */
const redrawMillis = 100;

interface Drawn {
  readonly picture: Picture;
  readonly width: number;
  readonly isNarrow: boolean;
  readonly zoom: Zoom;
  readonly at: number;
  readonly run: RunScene;
  readonly lanes: LanesScene | null;
}

/** The run as a tape: what happened when, and the way to travel there. */
export class TapeView implements View {
  readonly element = html("div", "tape");
  readonly #svg = svg("svg", { role: "slider", tabindex: 0, class: "tape-picture" });
  readonly #clip = svg("rect", { y: 0 });
  readonly #run = new TapeRun();
  readonly #lanes = new TapeLanes();
  readonly #live = html("button", "tape-live");
  readonly #handling: TapeHandling;
  #width = 0;
  #isNarrow = false;
  #zoom: Zoom | null = null;
  #drawn: Drawn | null = null;
  #told = "";
  #clock: Pick<ClockPicture, "position" | "time"> | null = null;

  constructor({ send }: Surroundings) {
    const clip = svg("clipPath", { id: "tape-clip" }, this.#clip);
    this.#svg.append(hatchPatterns(tapeHatch, 2.4), svg("defs", {}, clip));
    this.#svg.append(this.#run.element, this.#lanes.element);
    this.element.append(this.#svg, this.#live);
    this.#live.addEventListener("click", () => send({ kind: "run", command: "goLive" }));
    this.#handling = new TapeHandling(this.#svg, send, {
      scene: () => this.#drawn?.run ?? null,
      lanes: () => this.#drawn?.lanes ?? null,
      marks: () => this.#run.marks,
      markNear: (x) => this.#run.markNear(x),
      zoom: () => this.#zoom,
      setZoom: (zoom) => {
        this.#zoom = zoom;
        this.#redraw();
      },
      moved: () => this.#redraw(),
    });
  }

  resize(width: number, isNarrow: boolean): void {
    this.#width = width;
    this.#isNarrow = isNarrow;
  }

  draw(model: Model, time: number): void {
    const { picture } = model;
    if (picture === null || this.#width <= 0) return;
    this.#last = { model, time };
    const shown = this.#handling.timeAt(picture) ?? time;
    const whole = wholeSpan(picture.tape, picture);
    const old = this.#zoom ?? firstZoom(picture.timing.heartbeatMillis);
    const clock = { position: picture.clock.position, time: shown };
    const before = this.#clock === null ? old : zoomReleased(old, this.#clock, clock);
    this.#clock = clock;
    const zoom = this.#handling.isDragging
      ? before
      : zoomAfter(before, shown, picture.clock.position, whole);
    this.#zoom = zoom;
    if (this.#isDue(picture, zoom)) this.#drawAll(picture, zoom, whole, sayIn(model.strings));
    const drawn = this.#drawn;
    if (drawn === null) return;
    this.#run.tick(drawn.run, shown);
    if (drawn.lanes !== null) this.#lanes.tick(drawn.lanes, shown);
    this.#tell(picture, shown);
  }

  #last: { readonly model: Model; readonly time: number } | null = null;

  #redraw(): void {
    if (this.#last !== null) this.draw(this.#last.model, this.#last.time);
  }

  #isDue(picture: Picture, zoom: Zoom): boolean {
    const drawn = this.#drawn;
    if (drawn === null || drawn.zoom !== zoom) return true;
    if (drawn.width !== this.#width || drawn.isNarrow !== this.#isNarrow) return true;
    const isSame =
      drawn.picture.tape === picture.tape &&
      drawn.picture.strands === picture.strands &&
      drawn.picture.nodes === picture.nodes &&
      drawn.picture.clock === picture.clock;
    if (isSame) return false;
    const isJump = !picture.clock.runs || drawn.picture.clock.position !== picture.clock.position;
    return isJump || performance.now() - drawn.at >= redrawMillis;
  }

  #drawAll(picture: Picture, zoom: Zoom, whole: Span, say: Say): void {
    const [width, isNarrow] = [this.#width, this.#isNarrow];
    const shape = tapeShape(picture.members.length, width, isNarrow);
    const { left, right, height } = shape;
    const window = spanOf(zoom);
    const run: RunScene = {
      picture,
      shape,
      whole,
      window,
      scale: scaleOf(whole, left, right),
      say,
    };
    const lanes: LanesScene | null = isNarrow
      ? null
      : { picture, shape, window, scale: scaleOf(window, left, right) };
    this.#drawn = { picture, width, isNarrow, zoom, at: performance.now(), run, lanes };
    set(this.#svg, {
      width,
      height,
      "aria-label": say("Timeline"),
      "aria-orientation": "horizontal",
    });
    set(this.#clip, { x: left, width: Math.max(0, right - left), height });
    this.#run.draw(run);
    this.#lanes.element.style.display = lanes === null ? "none" : "";
    if (lanes !== null) this.#lanes.draw(lanes);
    this.#drawLive(picture, shape, say);
  }

  #drawLive({ clock, source }: Picture, { isNarrow }: TapeShape, say: Say): void {
    // In the narrow page the sentence above has the same button.
    this.#live.hidden = clock.position === "live" || isNarrow || source.kind !== "live";
    if (this.#live.childElementCount > 0) return;
    this.#live.append(codicon("debug-continue"), say("Return to live"));
  }

  /** What a screen reader says of the playhead; while time goes on, once a second. */
  #tell(picture: Picture, time: number): void {
    const { tape, clock } = picture;
    const shown = Math.round(clock.runs ? Math.floor(time / 1000) * 1000 : time);
    const key = `${shown} ${clock.seq && !clock.runs ? clock.seq : 0} ${clock.position}`;
    if (key === this.#told) return;
    this.#told = key;
    const [least, most] = [Math.round(tape.start), Math.round(Math.max(tape.end, clock.end))];
    set(this.#svg, {
      "aria-valuemin": least,
      "aria-valuemax": most,
      "aria-valuenow": Math.max(least, Math.min(most, shown)),
      "aria-valuetext": momentText(picture, time),
    });
  }
}
