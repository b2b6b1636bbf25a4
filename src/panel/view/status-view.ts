import { unreachable } from "../../raft/index.ts";
import { html as template, render, type TemplateResult } from "lit";
import type { Model } from "../model.ts";
import type { Picture } from "../protocol.ts";
import { sentenceOf, sentenceText, type Piece } from "../sentence.ts";
import { sayIn, type Say } from "../texts.ts";
import { html } from "./html.ts";
import { termColour } from "./svg.ts";
import type { Surroundings, View } from "./view.ts";

/** How often a screen reader may be told something new. */
const tellMillis = 1500;

/** The sentence of what is true now, and what it is true of. */
export class StatusView implements View {
  readonly element = html("header", "status");
  readonly #shown = html("div", "status-line");
  /** What is read aloud: it changes when something matters, not whenever an entry commits. */
  readonly #spoken = html("div", "visually-hidden");
  readonly #send: Surroundings["send"];
  #drawn = "";
  #told = "";
  #isWaiting = false;

  constructor({ send }: Surroundings) {
    this.#send = send;
    this.#spoken.setAttribute("role", "status");
    this.#spoken.setAttribute("aria-live", "polite");
    this.element.append(this.#shown, this.#spoken);
  }

  draw({ picture, strings, refusal }: Model): void {
    if (picture === null) return;
    const say = sayIn(strings);
    const pieces = sentenceOf(picture, say);
    const { source, clock, findings } = picture;
    const key = JSON.stringify([pieces, source, clock.position, findings.length, refusal]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    render(
      template`<p class="say">${pieces.map(pieceOf)}</p>
        <div class="chips">${this.#chips(picture, say)}</div>
        ${refusal === null ? null : template`<p class="refusal" role="alert">${refusal}</p>`}`,
      this.#shown,
    );
    this.#speak(sentenceText(pieces, say));
  }

  #speak(text: string): void {
    if (text === this.#told) return;
    this.#told = text;
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      this.#spoken.textContent = this.#told;
    }, tellMillis);
  }

  #chips({ source, clock, findings }: Picture, say: Say): readonly (TemplateResult | null)[] {
    const count = findings.length;
    return [
      sourceChip(source, say),
      clock.position === "past"
        ? template`<button class="chip past" @click=${() => this.#send({ kind: "run", command: "goLive" })}>
            <i class="codicon codicon-history" aria-hidden="true"></i>${say("Past")} ·
            <b>${source.kind === "live" ? say("Return to live") : say("Go to the end")}</b>
          </button>`
        : null,
      count === 0
        ? template`<span class="chip"><i class="codicon codicon-check" aria-hidden="true"></i>${say("checks hold")}</span>`
        : template`<span class="chip violation"><i class="codicon codicon-error" aria-hidden="true"></i>${
            count === 1 ? say("1 violation") : say("{0} violations", count)
          }</span>`,
    ];
  }
}

function sourceChip(source: Picture["source"], say: Say): TemplateResult {
  switch (source.kind) {
    case "live":
      return source.paused
        ? template`<span class="chip strong"><i class="codicon codicon-debug-pause" aria-hidden="true"></i>${say("Paused")}</span>`
        : template`<span class="chip"><i class="codicon codicon-broadcast" aria-hidden="true"></i>${say("Live")}</span>`;
    case "stopped":
      return template`<span class="chip strong"><i class="codicon codicon-debug-stop" aria-hidden="true"></i>${say("Stopped")}</span>`;
    case "simulated":
      return template`<span class="chip"><i class="codicon codicon-beaker" aria-hidden="true"></i>${say("Simulated")}</span>`;
    default:
      return unreachable(source);
  }
}

function pieceOf(piece: Piece): TemplateResult {
  switch (piece.kind) {
    case "strong":
      return template`<b>${piece.text}</b> `;
    case "plain":
      return template`${piece.text} `;
    case "muted":
      return template`<span class="muted">${piece.text}</span> `;
    case "term": {
      const chip = html("span", "term-chip", `t${piece.term}`);
      chip.style.setProperty("--term", termColour(piece.term));
      return template`${chip} `;
    }
    default:
      return unreachable(piece);
  }
}
