import type { Strings } from "../protocol.ts";
import { sayIn } from "../texts.ts";
import { html } from "./html.ts";

/** Stands over the page when something in it went wrong, so that it is not just blank or frozen. */
export class FailedView {
  readonly element = html("div", "failed");

  constructor() {
    this.element.setAttribute("role", "alert");
    this.element.hidden = true;
  }

  show(error: unknown, strings: Strings): void {
    if (!this.element.hidden) return;
    const say = sayIn(strings);
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.element.hidden = false;
    this.element.replaceChildren(
      html("b", "", say("The panel could not go on.")),
      html("p", "", say("Close it and open it again; the cluster itself is not affected.")),
      html("pre", "muted", detail.slice(0, 2000)),
    );
  }
}
