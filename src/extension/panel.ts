import {
  commands,
  env,
  EventEmitter,
  l10n,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  type WebviewPanel,
} from "vscode";
import type { Member } from "../cluster/index.ts";
import type { Exploration } from "../exploration/index.ts";
import type { ClosedBecause, PanelUpdate, Source, TourPicture } from "../panel/index.ts";
import type { NodeId } from "../raft/index.ts";
import type { ClusterBundle } from "./cluster-bundle.ts";
import type { Lab } from "./lab.ts";
import { panelView } from "./manifest.ts";
import { notify, offerOutput } from "./notifications.ts";
import { panelHtml } from "./panel-html.ts";
import { PanelPump } from "./panel-pump.ts";
import type { PanelSession } from "./panel-session.ts";

/** Something to look at. */
export interface Explored {
  readonly exploration: Exploration;
  /** Who belonged to the cluster before the first event. */
  readonly members: readonly Member[];
  readonly bundle: Pick<ClusterBundle, "PanelSession">;
  readonly source: () => Source;
  readonly tour?: () => TourPicture | null;
}

/**
 * The panel of the cluster: one webview, which shows the cluster of this window, the last one that
 * ran, or the guided tour. It asks for nothing but what panelCommands names.
 */
export class ClusterPanel implements Disposable {
  readonly #extension: ExtensionContext;
  readonly #lab: Lab;
  readonly #changed = new EventEmitter<void>();
  readonly #pump: PanelPump;
  readonly #disposables: Disposable[] = [];
  #panel: WebviewPanel | undefined;
  #session: PanelSession | undefined;
  /** What the session is of. */
  #explored: Explored | undefined;
  #hasFocus = false;
  /** What is shown in place of the lab's cluster. */
  #guest: Explored | undefined;

  /** The panel came or went, or stands elsewhere in time, or something else is selected. */
  readonly onDidChange = this.#changed.event;

  constructor(extension: ExtensionContext, lab: Lab, channel: LogOutputChannel) {
    this.#extension = extension;
    this.#lab = lab;
    this.#pump = new PanelPump({
      session: () => this.session,
      closed: () => ({ kind: "closed", why: this.#whyClosed(), strings: stringsOfPage() }),
      post: (update) => this.#post(update),
      isVisible: () => this.#panel?.visible === true,
      failed: (error) => {
        channel.error(error instanceof Error ? error : String(error));
        const text = l10n.t("The cluster panel came to a stop. Close it and open it again.");
        notify("error", text, [offerOutput()]);
      },
      now: () => performance.now(),
    });
    this.#disposables.push(
      this.#changed,
      this.#pump,
      lab.onDidHappen(() => this.#pump.ask()),
      lab.onDidFind(() => this.#pump.ask()),
      lab.onDidChange(() => this.#labChanged()),
      window.registerWebviewPanelSerializer(panelView, {
        deserializeWebviewPanel: (panel) => Promise.resolve(this.#adopt(panel)),
      }),
    );
  }

  /** The look at what is shown; undefined while there is nothing. */
  get session(): PanelSession | undefined {
    const explored = this.#guest ?? this.#lab.explored;
    if (explored !== this.#explored) {
      this.#explored = explored;
      this.#session = explored && this.#open(explored);
    }
    return this.#session;
  }

  /** The guided tour, if that is what is shown. */
  get guest(): Explored | undefined {
    return this.#guest;
  }

  /** Whether the keyboard is with the page, so that its keys are meant for it. */
  get hasFocus(): boolean {
    return this.#hasFocus;
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  show(): void {
    if (this.#panel !== undefined) return this.#panel.reveal();
    const options = { enableFindWidget: false };
    const panel = window.createWebviewPanel(panelView, titleOfPanel(), ViewColumn.Active, options);
    this.#adopt(panel);
  }

  /** Shows something else than the lab's cluster; undefined goes back to that. */
  explore(guest: Explored | undefined): void {
    this.#guest = guest;
    if (guest !== undefined) this.show();
    this.refresh();
  }

  /** Something was done to the session. */
  refresh(): void {
    this.#pump.ask();
    this.#changed.fire();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#panel?.dispose();
  }

  #open({ exploration, members, bundle, source, tour }: Explored): PanelSession {
    return new bundle.PanelSession({
      exploration,
      members,
      source,
      strings: stringsOfPage(),
      ...(tour === undefined ? {} : { tour }),
    });
  }

  #labChanged(): void {
    // A cluster that is started is what one wants to see.
    if (this.#lab.state.kind === "running") {
      this.#guest = undefined;
      if (opensWithCluster()) this.show();
    }
    this.refresh();
  }

  #adopt(panel: WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    const { webview } = panel;
    const at = (...path: readonly string[]) => Uri.joinPath(this.#extension.extensionUri, ...path);
    const [dist, media] = [at("dist"), at("media")];
    webview.options = {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [dist, media],
    };
    const uri = (...path: readonly string[]) => webview.asWebviewUri(at(...path)).toString();
    panel.iconPath = { light: at("media", "panel-light.svg"), dark: at("media", "panel-dark.svg") };
    panel.title = titleOfPanel();
    webview.onDidReceiveMessage((raw: unknown) => void this.#hear(raw));
    panel.onDidChangeViewState(() => {
      if (panel.visible) this.#forget();
      if (!panel.active) this.#setFocus(false);
    });
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
      // Whoever opens it the next time wants to see what is now.
      this.#session?.goLive();
      this.#setFocus(false);
      this.#changed.fire();
    });
    webview.html = panelHtml({
      script: uri("dist", "panel.js"),
      styles: [
        uri("dist", "codicon.css"),
        uri("media", "panel.css"),
        uri("media", "panel-views.css"),
      ],
      source: webview.cspSource,
      nonce: nonce(),
      title: titleOfPanel(),
      language: env.language,
    });
    this.#changed.fire();
  }

  /** The page was away, and knows nothing of what happened meanwhile. */
  #forget(): void {
    this.session?.reset();
    this.#pump.reset();
  }

  async #hear(raw: unknown): Promise<void> {
    this.#hearFocus(raw);
    const { session } = this;
    if (session === undefined) return this.#hearClosed(raw);
    const answer = session.request(raw);
    if (answer?.kind === "run") await this.#run(answer.command, answer.node);
    else if (answer !== undefined) await this.#post(answer);
    else if (isReady(raw)) this.#pump.reset();
    this.refresh();
  }

  #hearFocus(raw: unknown): void {
    if (typeof raw !== "object" || raw === null || !("hasFocus" in raw)) return;
    this.#setFocus(raw.hasFocus === true);
  }

  #setFocus(hasFocus: boolean): void {
    if (hasFocus === this.#hasFocus) return;
    this.#hasFocus = hasFocus;
    this.#changed.fire();
  }

  async #hearClosed(raw: unknown): Promise<void> {
    const command = isRun(raw) ? raw.command : undefined;
    if (command === "startCluster" || command === "startTour") await this.#run(command, null);
    this.#pump.reset();
  }

  async #run(command: string, node: NodeId | null): Promise<void> {
    await (node === null
      ? commands.executeCommand(`raftLab.${command}`)
      : commands.executeCommand(`raftLab.${command}`, { node }));
  }

  async #post(update: PanelUpdate): Promise<void> {
    try {
      await this.#panel?.webview.postMessage(update);
    } catch {
      // It was closed meanwhile.
    }
  }

  #whyClosed(): ClosedBecause {
    const { kind } = this.#lab.state;
    if (kind === "starting" || kind === "stopping") return kind;
    return workspace.isTrusted ? "noCluster" : "untrusted";
  }
}

/** Whether a request, which the session has understood, comes from a page that was loaded. */
function isReady(raw: unknown): boolean {
  return typeof raw === "object" && raw !== null && "kind" in raw && raw.kind === "ready";
}

/** Whether a request, of which nothing else is known yet, asks for a command. */
function isRun(raw: unknown): raw is { readonly command: unknown } {
  return (
    typeof raw === "object" &&
    raw !== null &&
    "kind" in raw &&
    raw.kind === "run" &&
    "command" in raw
  );
}

function titleOfPanel(): string {
  return l10n.t("Raft Cluster");
}

function opensWithCluster(): boolean {
  const chosen: unknown = workspace.getConfiguration("raftLab").get("panel.openWithCluster");
  return chosen !== false;
}

/** The translations of all texts; the page looks its own up among them. */
function stringsOfPage(): Readonly<Record<string, string>> {
  return { ...l10n.bundle };
}

function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replaceAll(/[^A-Za-z0-9]/g, "");
}
