import assert from "node:assert/strict";
import { readdir, readFile, readlink } from "node:fs/promises";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { suite, suiteTeardown, teardown, test } from "mocha";
import * as vscode from "vscode";
import type {
  Checked,
  NodeChanged,
  RaftLabApi,
  Started,
  Stored,
} from "../../../src/extension/api.ts";
import type { NodeId } from "../../../src/raft/index.ts";
import { emptyView, leaderIn, viewAfter, type TraceEvent } from "../../../src/trace/index.ts";
import { hasWindow, press, resize, screenshot, texts, type } from "../../support/rig.ts";
import { themeNames, wear } from "../../support/themes.ts";

/** What the extension lets others watch, kept from the first event on. */
class Watched {
  readonly events: TraceEvent[] = [];
  readonly #api: RaftLabApi;

  private constructor(api: RaftLabApi) {
    this.#api = api;
    api.onEvent((event) => {
      // Each cluster tells its own trace, from 0 on.
      if (event.seq === 0) this.events.length = 0;
      this.events.push(event);
    });
  }

  static async extension(): Promise<Watched> {
    const extension = vscode.extensions.getExtension<RaftLabApi>("raft-lab.raft-lab");
    assert(extension, "VS Code does not know the extension");
    return new Watched(await extension.activate());
  }

  get view() {
    return this.events.reduce(viewAfter, emptyView);
  }

  get members() {
    return this.#api.members;
  }

  /** Who leads, once everyone that is up agrees on it. */
  async leader(): Promise<NodeId> {
    return await until("a leader on whom all agree", () => {
      const { view } = this;
      const leader = leaderIn(view)?.id;
      const running = [...view.nodes.values()].filter(({ life }) => life.kind === "running");
      return running.every(({ leaderId }) => leaderId === leader) ? leader : undefined;
    });
  }

  /** Waits until every node has applied everything there is. */
  async agreed(): Promise<void> {
    await until("agreement of all nodes", () => {
      const nodes = [...this.view.nodes.values()];
      const longest = Math.max(...nodes.map(({ log }) => log.start + log.length));
      return nodes.every(({ lastApplied }) => lastApplied === longest) ? true : undefined;
    });
  }

  nameOf(id: NodeId): string {
    return this.members.find((member) => member.id === id)?.name ?? id;
  }
}

async function until<T>(what: string, ask: () => T | undefined, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function run<T extends object>(command: string, argument?: unknown): Promise<T> {
  const answer = await vscode.commands.executeCommand<T | { refused: string } | undefined>(
    `raftLab.${command}`,
    argument,
  );
  assert(answer !== undefined, `${command} did nothing`);
  assert(
    !("refused" in answer),
    `${command} was refused: ${"refused" in answer && answer.refused}`,
  );
  return answer;
}

/**
 * The terms that passed without a leader after `from`, and whether each is explained by what the
 * trace tells: votes that went to several candidates, so that none had a majority of all.
 */
function unexplainedTerms(events: readonly TraceEvent[], from: number, to: number): number[] {
  const terms = Array.from({ length: Math.max(to - from - 1, 0) }, (_, i) => from + 1 + i);
  return terms.filter((term) => {
    const candidates = new Set(
      events.flatMap((event) =>
        event.kind === "roleChanged" && event.role === "candidate" && event.term === term
          ? [event.node]
          : [],
      ),
    );
    return candidates.size < 2;
  });
}

/** What keeps this process busy, without what comes and goes by itself. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    if (/^TCP|FSEvent/.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The files of the lab's folder that this process has open; none where the system does not tell. */
async function openFiles(folder: string): Promise<readonly string[]> {
  const open = await readdir("/proc/self/fd").catch(() => []);
  const targets = await Promise.all(
    open.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")),
  );
  return targets.filter((target) => target.startsWith(folder));
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function idsOf({ members }: Watched): readonly NodeId[] {
  return members.map(({ id }) => id);
}

/**
 * Submits entries one after the other, as a user does who tries again when there is no answer.
 * `stop` answers the index at which each is that was acknowledged.
 */
function submitOneByOne(): { stop(): Promise<ReadonlyMap<string, number>> } {
  const acknowledged = new Map<string, number>();
  const stopping = new AbortController();
  const submitted = (async () => {
    for (let i = 1; !stopping.signal.aborted; i++) {
      const answer = await vscode.commands.executeCommand<Partial<Stored> | undefined>(
        "raftLab.submitEntry",
        `k${i}=${i}`,
      );
      if (answer?.index !== undefined) acknowledged.set(`k${i}`, answer.index);
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await submitted;
      return acknowledged;
    },
  };
}

suite("the lab", () => {
  // Whatever one test left running is not the next one's concern.
  teardown(() => vscode.commands.executeCommand("raftLab.stopCluster"));

  const timing = (name: string | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration("raftLab")
      .update("timing", name, vscode.ConfigurationTarget.Global);

  suiteTeardown(() => timing(undefined));

  for (const { size, preset } of [
    { size: 3, preset: "watch" },
    { size: 5, preset: "raftos" },
    { size: 4, preset: "raftos" },
  ]) {
    test(`is done by commands with ${size} nodes (${preset})`, async function () {
      this.timeout(180_000);
      const watched = await Watched.extension();
      const before = resources();
      await timing(preset);
      const begun = Date.now();
      const { members, folder } = await run<Started>("startCluster", { size, startAnew: true });
      assert.equal(members.length, size);

      const first = await watched.leader();
      console.log(`  first leader after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      const term = watched.view.nodes.get(first)?.currentTerm ?? 0;
      assert.deepEqual(unexplainedTerms(watched.events, 0, term), []);
      const stored: Stored[] = [];
      for (const text of ["x=1", 'name="Ada"', "plain text"]) {
        stored.push(await run<Stored>("submitEntry", text));
      }
      assert.deepEqual(
        stored.map(({ index }) => index),
        [2, 3, 4],
      );
      if (size === 3) await pictures(watched.nameOf(first), term);

      await run<NodeChanged>("crashNode", first);
      const second = await until("another leader", () => {
        const leader = leaderIn(watched.view)?.id;
        return leader === first ? undefined : leader;
      });
      await watched.leader();
      const later = watched.view.nodes.get(second)?.currentTerm ?? 0;
      assert(later > term, `term ${later} after term ${term}`);
      assert.deepEqual(unexplainedTerms(watched.events, term, later), []);
      await run<Stored>("submitEntry", "after=[1, 2.50]");
      if (size === 3) await screenshot("tree-crashed");
      await run<NodeChanged>("restartNode", first);
      await watched.agreed();

      const checked = await run<Checked>("checkCluster");
      assert.deepEqual(checked.findings, []);
      assert.deepEqual(checked.differences, []);
      assert.equal(checked.events > 50, true);

      const files = members.map(({ address }) => join(folder, address.replace(":", "_")));
      const logs = await Promise.all(files.map((file) => readFile(`${file}.log`, "utf8")));
      for (const log of logs) assert.equal(log, logs[0]);
      const lines = (logs[0] ?? "").split("\n").slice(0, -1);
      assert.deepEqual(lines.slice(0, 4), [
        `{"term": ${term}, "command": {}}`,
        `{"term": ${term}, "command": {"x": 1}}`,
        `{"term": ${term}, "command": {"name": "Ada"}}`,
        `{"term": ${term}, "command": {"data": "plain text"}}`,
      ]);
      assert.equal(lines.at(-1), `{"term": ${later}, "command": {"after": [1, 2.5]}}`);
      for (const file of files) {
        assert.equal(
          await readFile(`${file}.state_machine`, "utf8"),
          '{"x": 1, "name": "Ada", "data": "plain text", "after": [1, 2.5]}',
        );
        assert.match(
          await readFile(`${file}.storage`, "utf8"),
          new RegExp(`^\\{"term": ${later}, "voted_for": (?:null|"127\\.0\\.0\\.1:\\d+")\\}$`),
        );
      }
      const account = await readFile(join(folder, `${watched.nameOf(second)}.log`), "utf8");
      const number = members.findIndex(({ id }) => id === second) + 1;
      assert.match(account, new RegExp(`LEADER IS NOW NODE ${number}\\n`));
      assert.match(account, /done writing after\n/);
      if (size === 3) await pictureOfAccount(watched.nameOf(second));

      const stopping = Date.now();
      await vscode.commands.executeCommand("raftLab.stopCluster");
      console.log(`  stopped after ${Date.now() - stopping} ms`);
      for (const { address } of members) {
        assert.equal(await listens(Number(address.split(":")[1])), false, `${address} listens`);
      }
      assert.deepEqual(await openFiles(folder), []);
      await until("the sockets to be gone", () => {
        const now = resources();
        return (now["TCPServerWrap"] ?? 0) <= (before["TCPServerWrap"] ?? 0) &&
          (now["TCPSocketWrap"] ?? 0) <= (before["TCPSocketWrap"] ?? 0)
          ? true
          : undefined;
      });
      const { length } = watched.events;
      await new Promise((resolve) => setTimeout(resolve, 2000));
      assert.equal(watched.events.length, length, "something still happens");
    });
  }

  test("hands its leadership over by command, with pre-vote", async function () {
    this.timeout(90_000);
    const settings = vscode.workspace.getConfiguration("raftLab");
    const global = vscode.ConfigurationTarget.Global;
    await settings.update("preVote", true, global);
    try {
      await timing("raftos");
      const watched = await Watched.extension();
      const { members } = await run<Started>("startCluster", { size: 3, startAnew: true });
      await run<Stored>("submitEntry", "x=1");
      const first = await watched.leader();
      const to = members.find(({ id }) => id !== first)?.name ?? "";
      const changed = await run<NodeChanged>("transferLeadership", to);
      const second = await until("the new leader", () => {
        const leader = leaderIn(watched.view)?.id;
        return leader === first ? undefined : leader;
      });
      assert.equal(second, changed.node);
      assert.equal(watched.nameOf(second), to);
      const stored = await run<Stored>("submitEntry", "x=2");
      assert.equal(stored.node, second);
      const kinds = watched.events.flatMap((event) =>
        event.kind === "sent" ? [event.message.kind] : [],
      );
      assert(kinds.includes("PreVote") && kinds.includes("TimeoutNow"), kinds.join(" "));
      const checked = await run<Checked>("checkCluster");
      assert.deepEqual([checked.findings, checked.differences], [[], []]);
    } finally {
      await settings.update("preVote", undefined, global);
    }
  });

  test("grows from 3 to 5 and shrinks to 3 without its leader, under load, and loses nothing", async function () {
    this.timeout(180_000);
    await timing("raftos");
    const watched = await Watched.extension();
    const { folder } = await run<Started>("startCluster", { size: 3, startAnew: true });
    await run<Stored>("submitEntry", "x=0");
    const load = submitOneByOne();

    const added = [
      await run<NodeChanged>("addNode", { as: "voter" }),
      await run<NodeChanged>("addNode", { as: "voter" }),
    ].map(({ node }) => node);
    assert.deepEqual(added, ["n4", "n5"]);
    assert.deepEqual(idsOf(watched), ["n1", "n2", "n3", "n4", "n5"]);
    if (hasWindow) await screenshot("tree-five");

    const first = await watched.leader();
    await run<NodeChanged>("removeNode", { node: first, isConfirmed: true });
    assert(!idsOf(watched).includes(first));
    // Until an entry of its own term is committed, a new leader takes no change of the members.
    await run<Stored>("submitEntry", "y=1");
    const second = await watched.leader();
    assert.notEqual(second, first);
    const follower = idsOf(watched).find((id) => id !== second) ?? "";
    await run<NodeChanged>("removeNode", { node: follower, isConfirmed: true });
    const acknowledged = await load.stop();
    await watched.agreed();

    const left = ["n1", "n2", "n3", "n4", "n5"].filter((id) => id !== first && id !== follower);
    assert.deepEqual(idsOf(watched), left);
    for (const { configuration } of watched.view.nodes.values()) {
      assert.deepEqual(configuration.voters.toSorted(), left);
      assert.deepEqual([configuration.outgoing, configuration.learners], [[], []]);
    }
    const checked = await run<Checked>("checkCluster");
    assert.deepEqual([checked.findings, checked.differences], [[], []]);
    // Every line is on the disk of every node once that is settled, which the check waits for.
    assert(acknowledged.size >= 10, `only ${acknowledged.size} entries were acknowledged`);
    for (const { address } of watched.members) {
      const log = await readFile(join(folder, `${address.replace(":", "_")}.log`), "utf8");
      const lines = log.split("\n");
      for (const [name, index] of acknowledged) {
        assert.match(lines[index - 1] ?? "", new RegExp(`"command": \\{"${name}": `), address);
      }
    }

    // The same members are there when the cluster is started again in its folder.
    await vscode.commands.executeCommand("raftLab.stopCluster");
    const again = await run<Started>("startCluster", { size: 3 });
    assert.deepEqual(
      again.members.map(({ id }) => id),
      left,
    );
    await run<Stored>("submitEntry", "x=1");
    await watched.agreed();
  });

  test("a node that missed 10,000 entries catches up by a snapshot, and nothing is missing", async function () {
    this.timeout(240_000);
    await timing("paper");
    const settings = vscode.workspace.getConfiguration("raftLab");
    const everywhere = vscode.ConfigurationTarget.Global;
    await settings.update("snapshotAfterEntries", 1000, everywhere);
    try {
      const watched = await Watched.extension();
      const { folder } = await run<Started>("startCluster", { size: 3, startAnew: true });
      await run<Stored>("submitEntry", "x=0");
      const leader = await watched.leader();
      const lost = idsOf(watched).find((id) => id !== leader) ?? "";
      await vscode.commands.executeCommand("raftLab.crashNode", lost);
      let last = 0;
      let count = 0;
      const client = async (): Promise<void> => {
        while (count < 10_000) {
          count++;
          const { index } = await run<Stored>("submitEntry", `x${count % 50}=${count}`);
          last = Math.max(last, index);
        }
      };
      await Promise.all(Array.from({ length: 250 }, client));
      assert(last > 10_000);

      await vscode.commands.executeCommand("raftLab.restartNode", lost);
      await run<Stored>("submitEntry", "y=1");
      await watched.agreed();
      const back = watched.view.nodes.get(lost);
      assert(back !== undefined && back.logStart > 8_000, `its log starts at ${back?.logStart}`);
      const checked = await run<Checked>("checkCluster");
      assert.deepEqual([checked.findings, checked.differences], [[], []]);
      const states = await Promise.all(
        watched.members.map(({ address }) =>
          readFile(join(folder, `${address.replace(":", "_")}.state_machine`), "utf8"),
        ),
      );
      assert.deepEqual(states, Array(3).fill(states[0]));
      assert.match(states[0] ?? "", /"y": 1/);
    } finally {
      await settings.update("snapshotAfterEntries", undefined, everywhere);
    }
  });

  test("a learner receives the log and counts for nothing", async function () {
    this.timeout(90_000);
    await timing("raftos");
    const watched = await Watched.extension();
    await run<Started>("startCluster", { size: 1, startAnew: true });
    await run<Stored>("submitEntry", "x=1");
    const { node } = await run<NodeChanged>("addNode", "learner");
    await watched.agreed();
    await run<NodeChanged>("crashNode", node);
    await run<Stored>("submitEntry", "x=2");
    await run<NodeChanged>("restartNode", node);
    await watched.agreed();
    const { configuration } = watched.view.nodes.get(node) ?? assert.fail();
    assert.deepEqual(configuration, { voters: ["n1"], outgoing: [], learners: [node] });
    await run<NodeChanged>("removeNode", { node, isConfirmed: true });
    assert.deepEqual(idsOf(watched), ["n1"]);
  });

  test("what makes no sense is refused in words", async () => {
    const refused = await vscode.commands.executeCommand<{ refused: string }>(
      "raftLab.crashNode",
      "node1",
    );
    assert.match(refused.refused, /No cluster is running/);
  });
});

/** What a user sees while a cluster runs: looked at by people, so taken in every theme. */
async function pictures(leader: string, term: number): Promise<void> {
  if (!hasWindow) return;
  await vscode.commands.executeCommand("workbench.view.extension.raftLab");
  await vscode.commands.executeCommand("notifications.clearAll");
  const rows = await texts(".pane-body .monaco-list-row");
  assert(
    rows.some((row) => row.includes(leader) && /leader/.test(row)),
    rows.join("\n"),
  );
  const status = await texts(".statusbar-item");
  assert(
    status.some((text) => text.includes(`${leader} · term ${term}`)),
    status.join(" | "),
  );
  await screenshot("tree");
  await press("F1");
  await type("Raft Lab: ");
  await texts(".quick-input-list .monaco-list-row");
  await screenshot("palette-running");
  await press("Escape");
}

async function picturesInThemes(name: string): Promise<void> {
  if (!hasWindow) return;
  const settings = vscode.workspace.getConfiguration("workbench");
  for (const theme of themeNames) {
    await wear(theme);
    await screenshot(`${name}-${theme}`);
  }
  await settings.update("colorTheme", undefined, vscode.ConfigurationTarget.Global);
  for (const width of [400, 1600]) {
    await resize(width, 800);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await screenshot(`${name}-${width}`);
  }
  await resize(1280, 800);
}

async function pictureOfAccount(name: string): Promise<void> {
  if (!hasWindow) return;
  const opened = (ending: string): Promise<true> =>
    until(`${ending} to be open`, () => {
      const file = basename(vscode.window.activeTextEditor?.document.fileName ?? "");
      return file.endsWith(ending) && (ending !== ".log" || file.includes("_")) ? true : undefined;
    });
  await vscode.commands.executeCommand("raftLab.openNodeAccount", name);
  await opened(`${name}.log`);
  assert.equal(vscode.window.activeTextEditor?.document.languageId, "raft-account");
  await screenshot("account");
  // The picture of the README: a log below the account of the node that leads.
  await vscode.commands.executeCommand("workbench.action.splitEditorDown");
  await vscode.commands.executeCommand("raftLab.openReplicatedLog", name);
  await opened(".log");
  assert.equal(vscode.window.activeTextEditor?.document.languageId, "raft-log");
  await vscode.commands.executeCommand("notifications.clearAll");
  await screenshot("readme");
  await picturesInThemes("all");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
