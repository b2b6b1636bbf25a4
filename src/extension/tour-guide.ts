import { EventEmitter, l10n, type Disposable } from "vscode";
import type { ClusterPanel, Explored } from "./panel.ts";
import { loadTourBundle, type TourBundle } from "./tour-bundle.ts";
import type { Tour } from "./tour.ts";

interface CurrentTour {
  readonly tour: Tour;
  readonly explored: Explored;
}

/** Shows the guided tour on the panel. */
export class TourGuide implements Disposable {
  readonly #panel: ClusterPanel;
  readonly #ended = new EventEmitter<void>();
  #current: CurrentTour | undefined;

  /** The end page of a tour was reached. */
  readonly onDidEnd = this.#ended.event;

  constructor(panel: ClusterPanel) {
    this.#panel = panel;
  }

  /** The tour that the panel shows. */
  get tour(): Tour | undefined {
    // The panel goes over to a cluster that is started.
    return this.#current !== undefined && this.#current.explored === this.#panel.guest
      ? this.#current.tour
      : undefined;
  }

  /** Begins a tour anew. */
  async start(): Promise<void> {
    const bundle = await loadTourBundle();
    const current = await this.#open(bundle);
    this.#current = current;
    this.#panel.explore(current.explored);
    this.go((tour) => tour.start());
  }

  /** Moves the tour, if there is one, and has it shown. */
  go(move: (tour: Tour) => void): void {
    const { tour } = this;
    if (tour === undefined) return;
    move(tour);
    this.#panel.refresh();
  }

  end(): void {
    if (this.tour === undefined) return;
    this.#current = undefined;
    this.#panel.explore(undefined);
  }

  dispose(): void {
    this.#ended.dispose();
  }

  async #open(bundle: TourBundle): Promise<CurrentTour> {
    const { exploration, members, seed, stops } = await bundle.openTour((text, ...values) =>
      l10n.t(text, ...values),
    );
    const tour = new bundle.Tour({
      stops,
      timeAt: (seq) => exploration.timeAt(seq),
      session: () => (this.tour === tour ? this.#panel.session : undefined),
      ended: () => this.#ended.fire(),
    });
    const explored: Explored = {
      exploration,
      members,
      bundle,
      source: () => ({ kind: "simulated", seed }),
      tour: () => tour.picture(),
    };
    return { tour, explored };
  }
}
