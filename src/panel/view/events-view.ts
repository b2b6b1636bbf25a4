import { eventTime, filteredEvents, iconOf } from "../event-filter.ts";
import type { Model } from "../model.ts";
import type { EventLine, Picture } from "../protocol.ts";
import { sayIn, type Say } from "../texts.ts";
import { codicon, html } from "./html.ts";
import { rove, used } from "./rove.ts";
import type { Surroundings, View } from "./view.ts";

/** How near the end one counts as being there. */
const endSlack = 30;

/** What happened, a line each, with the moment shown as a line between past and future. */
export class EventsView implements View {
  readonly element = html("div", "events");
  readonly #title = html("h2", "events-title");
  readonly #count = html("span", "events-count");
  readonly #filter = html("input", "events-filter");
  readonly #toggle = html("button", "tool");
  readonly #list = html("div", "events-list is-following");
  readonly #lines = html("div");
  readonly #now = html("div", "now-line");
  readonly #none = html("p", "events-none muted");
  readonly #rows = new Map<number, HTMLElement>();
  #shown: readonly EventLine[] = [];
  #drawn: {
    readonly events: Picture["events"];
    readonly seq: number;
    readonly filter: string;
  } | null = null;
  #last: Model | null = null;
  #isAtEnd = true;
  #isLive = true;
  #isSeen = false;

  constructor({ send }: Surroundings) {
    this.#filter.type = "search";
    this.#filter.hidden = true;
    this.#toggle.append(codicon("filter"));
    this.#now.setAttribute("aria-hidden", "true");
    const head = html("div", "events-head", this.#title, this.#count, html("span", "grow"));
    head.append(this.#filter, this.#toggle);
    this.element.append(head, this.#list, this.#none);
    this.#list.setAttribute("role", "group");
    this.#list.append(this.#lines);
    this.#list.addEventListener("scroll", () => {
      this.#isAtEnd = this.#endIsNear();
      this.#list.classList.toggle("is-following", this.#isAtEnd);
    });
    this.#list.addEventListener("click", ({ target }) => {
      const row = target instanceof Element ? target.closest("[data-seq]") : null;
      if (row !== null) send({ kind: "seek", seq: Number(row.getAttribute("data-seq")) });
    });
    rove(this.#list, ".event");
    this.#listenToFilter();
    // The events have what room the ledger leaves; that may change without a word from the host.
    const resized = new ResizeObserver(() => {
      this.#isSeen = this.#list.clientHeight > 0;
      if (this.#drawn === null) this.#redraw();
      else if (this.#isAtEnd && this.#isLive) this.#toEnd();
    });
    for (const each of [this.#list, this.#lines]) resized.observe(each);
  }

  draw(model: Model): void {
    const { picture } = model;
    if (picture === null) return;
    this.#last = model;
    const { events, clock, members } = picture;
    const filter = this.#filter.value;
    const seq = clock.position === "past" ? clock.seq : Number.POSITIVE_INFINITY;
    const before = this.#drawn;
    if (before?.events === events && before.seq === seq && before.filter === filter) return;
    const say = sayIn(model.strings);
    this.#drawHead(picture, say);
    // What nobody sees is drawn once it is seen.
    if (!this.#isSeen) return;
    this.#drawn = { events, seq, filter };
    const shown = filteredEvents(events, filter, members);
    this.#drawRows(shown);
    this.#drawMoment(shown, seq);
    this.#none.hidden = shown.length > 0;
    this.#none.textContent =
      filter === "" ? say("Nothing has happened yet.") : say("No event has that.");
    this.#scroll(before === null || before.seq !== seq, seq);
  }

  #drawHead({ clock }: Picture, say: Say): void {
    const count = say("{0} of {1}", clock.seq, clock.count);
    if (this.#count.textContent !== count) this.#count.textContent = count;
    if (this.#title.textContent !== "") return;
    this.#title.textContent = say("Events");
    this.#list.setAttribute("aria-label", say("Events"));
    this.#filter.placeholder = say("Node or text");
    this.#filter.setAttribute("aria-label", say("Filter events by node or text"));
    this.#toggle.title = say("Filter events");
    this.#toggle.setAttribute("aria-label", this.#toggle.title);
    this.#toggle.setAttribute("aria-expanded", "false");
  }

  /** Adds what is new at the end and takes out what is gone; anything else is laid out anew. */
  #drawRows(shown: readonly EventLine[]): void {
    const wanted = new Set(shown.map(({ seq }) => seq));
    const stays = this.#shown.filter(({ seq }) => wanted.has(seq));
    const follows = stays.every(({ seq }, at) => shown[at]?.seq === seq);
    const kept = follows ? stays.length : 0;
    if (follows) {
      for (const { seq } of this.#shown) if (!wanted.has(seq)) this.#drop(seq);
    } else {
      this.#rows.clear();
      this.#lines.replaceChildren();
    }
    for (const line of shown.slice(kept)) {
      const row = rowOf(line);
      this.#rows.set(line.seq, row);
      this.#lines.append(row);
    }
    this.#shown = shown;
    if (this.#list.querySelector('[tabindex="0"]') === null) {
      this.#rows.get(shown.at(-1)?.seq ?? -1)?.setAttribute("tabindex", "0");
    }
  }

  #drop(seq: number): void {
    this.#rows.get(seq)?.remove();
    this.#rows.delete(seq);
  }

  #drawMoment(shown: readonly EventLine[], seq: number): void {
    const isPast = Number.isFinite(seq);
    const now = isPast ? shown.findLast((line) => line.seq <= seq) : undefined;
    for (const line of shown) {
      const row = this.#rows.get(line.seq);
      row?.classList.toggle("is-future", line.seq > seq);
      row?.classList.toggle("is-now", line === now);
      if (line === now) row?.setAttribute("aria-current", "true");
      else row?.removeAttribute("aria-current");
    }
    const after = shown.find((line) => line.seq > seq);
    if (!isPast) return this.#now.remove();
    this.#lines.insertBefore(this.#now, this.#rows.get(after?.seq ?? -1) ?? null);
  }

  #scroll(hasMoved: boolean, seq: number): void {
    const wasLive = this.#isLive;
    this.#isLive = !Number.isFinite(seq);
    if (this.#isLive && !wasLive) this.#toEnd();
    // Live, the list is as tall as it was or its observer scrolls it: asking here costs a layout.
    if (this.#isLive || !hasMoved) return;
    // A third of the future below the moment, where there is so much of it.
    const { offsetTop } = this.#now;
    const { scrollTop, clientHeight } = this.#list;
    const place = offsetTop - this.#list.offsetTop;
    if (place < scrollTop + 44 || place > scrollTop + clientHeight - 44) {
      this.#list.scrollTop = place - clientHeight * 0.66;
    }
    this.#isAtEnd = this.#endIsNear();
  }

  #toEnd(): void {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#isAtEnd = true;
  }

  #endIsNear(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#list;
    return scrollTop + clientHeight >= scrollHeight - endSlack;
  }

  #listenToFilter(): void {
    this.#toggle.addEventListener("click", () => this.#open(this.#filter.hidden !== false));
    this.#filter.addEventListener("input", () => this.#redraw());
    // Its letters would be taken for commands otherwise.
    for (const kind of ["keydown", "keyup", "keypress"] as const) {
      this.#filter.addEventListener(kind, (event) => {
        if (event.key === "Escape" && kind === "keydown") {
          used(event);
          this.#open(false);
          this.#toggle.focus();
        }
        if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
      });
    }
  }

  #open(isOpen: boolean): void {
    this.#filter.hidden = !isOpen;
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) return this.#filter.focus();
    this.#filter.value = "";
    this.#redraw();
  }

  #redraw(): void {
    if (this.#last !== null) this.draw(this.#last);
  }
}

function rowOf({ seq, time, icon, text, section }: EventLine): HTMLElement {
  const sign = codicon(iconOf(icon));
  const row = html(
    "div",
    `event is-${icon}`,
    html("span", "event-time", eventTime(time)),
    sign,
    html("span", "event-text", text),
    html("span", "event-section", section),
  );
  row.setAttribute("role", "button");
  row.setAttribute("tabindex", "-1");
  row.dataset["seq"] = String(seq);
  row.title = text;
  return row;
}
