import type { Model } from "../model.ts";
import type { PanelRequest } from "../protocol.ts";

/** One part of the page. */
export interface View {
  readonly element: Element;
  /** `time` is the cluster's, as DisplayClock tells it. Called whenever either is another. */
  draw(model: Model, time: number): void;
}

export type Send = (request: PanelRequest) => void;

/** What every view is made with. */
export interface Surroundings {
  readonly send: Send;
  /** Selects something, here and at the host. */
  readonly select: (selection: Model["selection"]) => void;
}
