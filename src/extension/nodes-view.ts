import {
  commands,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeView,
} from "vscode";
import type { Member } from "../cluster/index.ts";
import type { Lab, RunningCluster } from "./lab.ts";
import { nodesView, type CommandId } from "./manifest.ts";
import { changedNodes, clusterText, nodeRow, type NodeRow } from "./node-row.ts";
import { Throttle } from "./throttle.ts";

/** The least time between two updates. VS Code itself waits 200 ms when they come faster. */
const restMillis = 250;

/** The tree of the nodes. Its elements are the members of the cluster that runs. */
export class NodesView implements TreeDataProvider<Member>, Disposable {
  readonly #lab: Lab;
  readonly #changed = new EventEmitter<Member[] | undefined>();
  readonly #view: TreeView<Member>;
  readonly #throttle = new Throttle(restMillis, () => this.#refresh());
  /** What VS Code was told of each node since it last asked who there is. */
  readonly #told = new Map<string, NodeRow>();
  /** The cluster whose nodes VS Code knows. */
  #listed: RunningCluster | undefined;
  /** Those whom it knows. */
  #members: readonly Member[] = [];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#view = window.createTreeView(nodesView, { treeDataProvider: this });
    this.#view.onDidChangeVisibility(() => this.#throttle.ask());
    lab.onDidChange(() => {
      this.#view.message = lab.state.kind === "starting" ? l10n.t("Starting…") : "";
      this.#showFindings();
      this.#changed.fire(undefined);
      this.#throttle.ask();
    });
    lab.onDidHappen(() => this.#throttle.ask());
    lab.onDidFind(() => this.#showFindings());
  }

  getChildren(parent?: Member): Member[] {
    if (parent !== undefined) return [];
    this.#listed = this.#lab.running;
    this.#members = this.#listed?.cluster.members ?? [];
    this.#told.clear();
    return [...this.#members];
  }

  // No id: a node of the next cluster would be taken for one that is there already.
  getTreeItem(member: Member): TreeItem {
    const row = this.#rowOf(member);
    this.#told.set(member.id, row);
    const tooltip = new MarkdownString(row.tooltip);
    tooltip.isTrusted = false;
    const open: CommandId = "raftLab.openNodeAccount";
    return Object.assign(new TreeItem(row.label), {
      description: row.description,
      tooltip,
      iconPath: new ThemeIcon(row.icon, new ThemeColor(row.colour)),
      contextValue: row.state,
      accessibilityInformation: { label: row.accessibleLabel },
      command: { command: open, title: l10n.t("Open Node Account"), arguments: [member] },
    });
  }

  /** Brings the tree to the front, and leaves the focus where it is. */
  async show(): Promise<void> {
    await commands.executeCommand(`${nodesView}.focus`, { preserveFocus: true });
  }

  dispose(): void {
    this.#throttle.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  /**
   * Has VS Code ask again for what has changed, unless nobody looks. It may miss that while it is
   * still busy with an earlier change, so we go on until it was told.
   */
  #refresh(): void {
    const { running } = this.#lab;
    if (!this.#view.visible || running === undefined) return;
    this.#view.message = clusterText(running.watch.view);
    const { members } = running.cluster;
    if (this.#listed !== running || this.#members !== members) {
      this.#changed.fire(undefined);
      return this.#throttle.ask();
    }
    const rows = new Map(members.map((member) => [member.id, this.#rowOf(member)]));
    const changed = new Set(changedNodes(this.#told, rows));
    if (changed.size === 0) return;
    this.#changed.fire(members.filter(({ id }) => changed.has(id)));
    this.#throttle.ask();
  }

  #showFindings(): void {
    const count = this.#lab.running?.watch.findings.length ?? 0;
    const tooltip = l10n.t("Findings of the checks: {0}", count);
    this.#view.badge = count === 0 ? undefined : { value: count, tooltip };
  }

  #rowOf(member: Member): NodeRow {
    const { running } = this.#lab;
    const nameOf = running?.nameOf ?? ((id: string) => id);
    return nodeRow(member, running?.watch.view.nodes.get(member.id), nameOf);
  }
}
