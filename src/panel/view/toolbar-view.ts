import { html as template, render, type TemplateResult } from "lit";
import type { Model } from "../model.ts";
import type { NodePicture, PanelCommand, Picture } from "../protocol.ts";
import { sayIn, type Say } from "../texts.ts";
import { html } from "./html.ts";
import { used } from "./rove.ts";
import type { Surroundings, View } from "./view.ts";

interface Tool {
  readonly command: PanelCommand;
  readonly icon: string;
  readonly title: string;
  readonly key: string;
  readonly isEnabled: boolean;
  /** Hands the selected node over. */
  readonly node?: string;
  /** Where there is little room it stands in the menu of the toolbar instead. */
  readonly isMinor?: boolean;
  readonly words?: string;
}

/** What one can do, as buttons: time first, then the cluster, as in VS Code's own debug toolbar. */
export class ToolbarView implements View {
  readonly element = html("div", "toolbar");
  readonly #send: Surroundings["send"];
  #drawn = "";
  #isMenuOpen = false;

  constructor({ send }: Surroundings) {
    this.#send = send;
    this.element.setAttribute("role", "toolbar");
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      const isInside = relatedTarget instanceof Node && this.element.contains(relatedTarget);
      if (!isInside) this.#close();
    });
  }

  draw(model: Model, time: number): void {
    const { picture, selection } = model;
    if (picture === null) return;
    const say = sayIn(model.strings);
    const selected = selection?.kind === "node" ? selection.node : undefined;
    const node = picture.nodes.find(({ id }) => id === selected);
    const groups = toolsOf(picture, node, say);
    const clock = clockText(picture, time, say);
    const key = JSON.stringify([groups, this.#isMenuOpen]);
    if (key !== this.#drawn) {
      this.#drawn = key;
      this.element.setAttribute("aria-label", say("Cluster"));
      const minor = groups.flat().filter(({ isMinor }) => isMinor === true);
      render(
        template`${groups.map(
          (tools) =>
            template`${tools.map((tool) => this.#button(tool))}<span class="separator"></span>`,
        )}
          <span class="grow"></span>
          <span class="clock mono"><b></b><span></span></span>
          <button class="tool more" title=${say("More Actions…")} aria-label=${say("More Actions…")}
            aria-haspopup="menu" aria-expanded=${String(this.#isMenuOpen)} @click=${() => this.#toggle(model, time)}>
            <i class="codicon codicon-ellipsis" aria-hidden="true"></i>
          </button>
          <div class="menu" role="menu" ?hidden=${!this.#isMenuOpen}>${minor.map((tool) => this.#item(tool))}</div>`,
        this.element,
      );
    }
    const { now, place } = clock;
    const [moment, event] = this.element.querySelectorAll(".clock > *");
    if (moment !== undefined && moment.textContent !== now) moment.textContent = now;
    if (event !== undefined && event.textContent !== place) event.textContent = place;
  }

  #button(tool: Tool): TemplateResult {
    const title = tool.key === "" ? tool.title : `${tool.title} (${tool.key})`;
    const { words = "" } = tool;
    const label = title.includes(words) ? title : `${words}, ${title}`;
    return template`<button
      class=${`tool${tool.isMinor === true ? " minor" : ""}${tool.words === undefined ? "" : " wordy"}`}
      data-command=${tool.command} title=${title} aria-label=${label} ?disabled=${!tool.isEnabled}
      @click=${() => this.#run(tool)}
    ><i class=${`codicon codicon-${tool.icon}`} aria-hidden="true"></i>${tool.words ?? null}</button>`;
  }

  #item(tool: Tool): TemplateResult {
    return template`<button class="item" role="menuitem" ?disabled=${!tool.isEnabled}
      @click=${() => this.#run(tool)}
    ><i class=${`codicon codicon-${tool.icon}`} aria-hidden="true"></i>${tool.title}</button>`;
  }

  #run({ command, node }: Tool): void {
    this.#close();
    this.#send({ kind: "run", command, ...(node === undefined ? {} : { node }) });
  }

  #toggle(model: Model, time: number): void {
    this.#isMenuOpen = !this.#isMenuOpen;
    this.draw(model, time);
    if (this.#isMenuOpen) this.element.querySelector<HTMLElement>(".item:not([disabled])")?.focus();
  }

  #close(): void {
    this.#isMenuOpen = false;
    this.#drawn = "";
    const menu = this.element.querySelector<HTMLElement>(".menu");
    if (menu !== null) menu.hidden = true;
  }

  /** Space and Enter press a button; they must not be taken for VS Code's keys as well. */
  #key(event: KeyboardEvent): void {
    if (event.key === " " || event.key === "Enter") return event.stopPropagation();
    if (event.key === "Escape" && this.#isMenuOpen) {
      used(event);
      this.#close();
      this.element.querySelector<HTMLElement>(".more")?.focus();
      return;
    }
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const all = [...this.element.querySelectorAll<HTMLElement>("button.tool:not([disabled])")];
    const shown = all.filter(({ offsetParent }) => offsetParent !== null);
    const at = shown.findIndex((button) => button === event.target);
    if (at === -1) return;
    used(event);
    shown.at((at + step) % shown.length)?.focus();
  }
}

function toolsOf(
  picture: Picture,
  node: NodePicture | undefined,
  say: Say,
): readonly (readonly Tool[])[] {
  const { clock, source, nodes } = picture;
  const isLive = source.kind === "live";
  const isPast = clock.position === "past";
  const hasPast = clock.seq > 0;
  const hasUp = nodes.some(({ life }) => life === "running");
  const hasDown = nodes.some(({ life }) => life !== "running");
  const isDown = node !== undefined && node.life !== "running";
  const of = node === undefined ? {} : { node: node.id };
  const playing = isPast
    ? {
        icon: clock.runs ? "debug-pause" : "play",
        title: clock.runs ? say("Stop Playing") : say("Play"),
      }
    : isLive && source.paused
      ? { icon: "play", title: say("Resume the Cluster") }
      : { icon: "debug-pause", title: say("Pause the Cluster") };
  return [
    [
      {
        command: "previousEvent",
        icon: "debug-reverse-continue",
        title: say("To the Previous Event That Matters"),
        key: "Shift+;",
        isEnabled: hasPast,
      },
      {
        command: "stepBack",
        icon: "debug-step-back",
        title: say("Step Back"),
        key: ",",
        isEnabled: hasPast,
      },
      { command: "playOrPause", ...playing, key: "Space", isEnabled: isPast || isLive },
      {
        command: "stepForward",
        icon: "debug-step-over",
        title: say("Step Forward"),
        key: ".",
        isEnabled: isPast,
      },
      {
        command: "nextEvent",
        icon: "debug-continue",
        title: say("To the Next Event That Matters"),
        key: ";",
        isEnabled: isPast,
      },
      {
        command: "goLive",
        icon: "broadcast",
        title: isLive ? say("Return to Live") : say("Go to the End"),
        key: "L",
        isEnabled: isPast,
        isMinor: true,
      },
      {
        command: "setSpeed",
        icon: "dashboard",
        title: say("Set Speed"),
        key: "S",
        isEnabled: isLive,
        words: `${Number(clock.speed.toPrecision(2))}×`,
      },
    ],
    [
      {
        command: "submitEntry",
        icon: "add",
        title: say("Submit Entry"),
        key: "C",
        isEnabled: isLive && hasUp,
        words: say("Submit"),
      },
      isDown
        ? {
            command: "restartNode",
            icon: "debug-restart",
            title: say("Restart Node"),
            key: "X",
            isEnabled: isLive,
            ...of,
            words: say("Restart"),
          }
        : {
            command: "crashNode",
            icon: "zap",
            title: say("Crash Node"),
            key: "X",
            isEnabled: isLive && hasUp,
            ...of,
            words: say("Crash"),
          },
      ...(isDown || !hasDown
        ? []
        : [
            {
              command: "restartNode",
              icon: "debug-restart",
              title: say("Restart Node"),
              key: "",
              isEnabled: isLive,
            } as const,
          ]),
    ],
    [
      {
        command: "openNodeAccount",
        icon: "note",
        title: say("Open Account"),
        key: "A",
        isEnabled: isLive,
        ...of,
        isMinor: true,
      },
      {
        command: "openReplicatedLog",
        icon: "list-ordered",
        title: say("Open Replicated Log"),
        key: "G",
        isEnabled: isLive,
        ...of,
        isMinor: true,
      },
      {
        command: "checkCluster",
        icon: "checklist",
        title: say("Check Cluster Now"),
        key: "K",
        isEnabled: isLive,
        isMinor: true,
      },
      isLive
        ? {
            command: "stopCluster",
            icon: "debug-stop",
            title: say("Stop the Cluster"),
            key: "",
            isEnabled: true,
            isMinor: true,
          }
        : {
            command: "startCluster",
            icon: "debug-start",
            title: say("Start Raft Cluster"),
            key: "",
            isEnabled: true,
            isMinor: true,
          },
    ],
  ];
}

/** Seconds, to the millisecond where time stands still; then which event. */
function clockText(
  { clock }: Picture,
  time: number,
  say: Say,
): { readonly now: string; readonly place: string } {
  const seconds = (Math.max(0, time) / 1000).toFixed(clock.runs ? 1 : 3);
  return {
    now: say("{0} s", seconds),
    place: say(" · event {0} of {1}", clock.seq, clock.count),
  };
}
