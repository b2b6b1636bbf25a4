import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import {
  commandIds,
  contextKeys,
  detections,
  nodeStates,
  nodesView,
  panelView,
  settingDefaults,
  timingNames,
} from "../../../src/extension/manifest.ts";

const root = join(import.meta.dirname, "../../..");
const title = v.pipe(v.string(), v.startsWith("%"), v.endsWith("%"));
const menuItem = v.object({
  command: v.string(),
  when: v.string(),
  group: v.optional(v.string()),
});

/** The parts of package.json that name what the source names too. */
const manifest = v.parse(
  v.object({
    icon: v.string(),
    sideEffects: v.literal(false),
    activationEvents: v.array(v.string()),
    capabilities: v.object({
      untrustedWorkspaces: v.object({
        supported: v.literal("limited"),
        description: title,
        restrictedConfigurations: v.array(v.string()),
      }),
      virtualWorkspaces: v.object({ supported: v.literal("limited"), description: title }),
    }),
    contributes: v.object({
      commands: v.array(
        v.object({
          command: v.string(),
          title,
          category: v.literal("Raft Lab"),
          icon: v.pipe(v.string(), v.regex(/^\$\([\w-]+\)$/)),
          enablement: v.optional(v.string()),
        }),
      ),
      menus: v.record(v.string(), v.array(menuItem)),
      keybindings: v.array(v.object({ command: v.string(), key: v.string(), when: v.string() })),
      viewsContainers: v.object({
        activitybar: v.array(v.object({ id: v.string(), icon: v.string() })),
      }),
      views: v.record(v.string(), v.array(v.object({ id: v.string(), icon: v.string() }))),
      viewsWelcome: v.array(v.object({ view: v.string(), contents: title, when: v.string() })),
      configuration: v.object({
        properties: v.record(
          v.string(),
          v.object({
            default: v.unknown(),
            scope: v.string(),
            markdownDescription: title,
            enum: v.optional(v.array(v.string())),
            markdownEnumDescriptions: v.optional(v.array(title)),
            pattern: v.optional(v.string()),
          }),
        ),
      }),
    }),
  }),
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
);
const { contributes } = manifest;
const menuItems = Object.values(contributes.menus).flat();

test("every command is contributed, and every contributed command exists", () => {
  const contributed = contributes.commands.map(({ command }) => command);
  assert.deepEqual(contributed.toSorted(), commandIds.toSorted());
});

test("menus and keys name commands that exist", () => {
  const known = new Set<string>(commandIds);
  for (const { command } of [...menuItems, ...contributes.keybindings]) {
    assert(known.has(command), command);
  }
});

test("every command is offered when it makes sense only, apart from what always does", () => {
  const always = contributes.commands.filter(({ enablement }) => enablement === undefined);
  assert.deepEqual(
    always.map(({ command }) => command),
    [
      "raftLab.checkLogs",
      "raftLab.showOutput",
      "raftLab.showPanel",
      "raftLab.startTour",
      "raftLab.openWalkthrough",
      "raftLab.breakFile",
    ],
  );
});

test("conditions name only contexts, views and nodes that the source knows", () => {
  const known = new Set<string>([...contextKeys, nodesView, panelView]);
  const conditions = [
    ...contributes.commands.map(({ enablement }) => enablement ?? ""),
    ...menuItems.map(({ when }) => when),
    ...contributes.keybindings.map(({ when }) => when),
    ...contributes.viewsWelcome.map(({ when }) => when),
  ];
  for (const condition of conditions) {
    for (const [name] of condition.matchAll(/raftLab(?:\.\w+)+/g)) assert(known.has(name), name);
    for (const [, states = ""] of condition.matchAll(/viewItem (?:==|=~) ([^ ]+)/g)) {
      for (const [state] of states.matchAll(/\w+/g)) {
        assert(
          nodeStates.some((each) => each === state),
          state,
        );
      }
    }
  }
});

test("every context decides something", () => {
  const text = JSON.stringify(contributes);
  for (const key of contextKeys) assert(text.includes(key), key);
});

/** The keys of the panel are for it alone: a letter that is typed elsewhere crashes no node. */
const panelGuard =
  "raftLab.panel.focused && activeWebviewPanelId == 'raftLab.panel' && !inputFocus";

test("a key does what the command's own condition allows", () => {
  for (const { command, key, when } of contributes.keybindings) {
    const { enablement } = contributes.commands.find((each) => each.command === command) ?? {};
    if (key.startsWith("ctrl+alt+r ")) {
      assert(when.startsWith(enablement ?? ""), command);
      // Ctrl+Alt+R is taken in the terminal.
      assert.match(when, /!terminalFocus$/);
      continue;
    }
    const condition = enablement?.includes("||") === true ? `(${enablement})` : enablement;
    const allowed = condition === undefined ? panelGuard : `${panelGuard} && ${condition}`;
    assert(when.startsWith(allowed), command);
  }
});

test("no two commands share a key while both make sense", () => {
  const exclusive = ["raftLab.paused", "raftLab.panel.nodeIsDown"];
  const seen = new Map<string, string>();
  for (const { key, when, command } of contributes.keybindings) {
    const other = seen.get(key);
    if (other !== undefined) {
      const isApart = exclusive.some(
        (context) =>
          when.includes(context) &&
          other.includes(context) &&
          when.includes(`!${context}`) !== other.includes(`!${context}`),
      );
      assert(isApart, `${command} and another one are both ${key}`);
    }
    seen.set(key, when);
  }
});

test("the one view is that of the nodes, in its own container", () => {
  const [container] = contributes.viewsContainers.activitybar;
  assert(container);
  assert.deepEqual(
    contributes.views[container.id]?.map(({ id }) => id),
    [nodesView],
  );
  assert(contributes.viewsWelcome.every(({ view }) => view === nodesView));
});

test("the settings and their defaults are those that the source reads", () => {
  const { properties } = contributes.configuration;
  const defaults = Object.entries(properties).map(([name, setting]) => [name, setting.default]);
  assert.deepEqual(Object.fromEntries(defaults), settingDefaults);
  assert.deepEqual(properties["raftLab.detectLogs"]?.enum, detections);
  assert.deepEqual(properties["raftLab.timing"]?.enum, timingNames);
  assert.equal(properties["raftLab.timing"]?.markdownEnumDescriptions?.length, timingNames.length);
});

test("the editor of settings marks a folder outside the workspace", () => {
  const pattern = new RegExp(contributes.configuration.properties["raftLab.folder"]?.pattern ?? "");
  for (const good of ["raft-lab", "a/b", "a..b", ".raft"]) assert.match(good, pattern);
  for (const bad of ["", "  ", "..", "../a", "a/../b", "a\\..\\b", "a/.."]) {
    assert.doesNotMatch(bad, pattern);
  }
});

test("where files are written is not taken from a workspace that is not trusted", () => {
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, [
    "raftLab.folder",
  ]);
});

test("the extension does not start with VS Code, but with the first log or a panel from before", () => {
  assert.deepEqual(manifest.activationEvents, ["onLanguage:log", `onWebviewPanel:${panelView}`]);
});

test("every icon is there, and that of the extension is a PNG of 128 pixels", () => {
  const icons = [
    ...contributes.viewsContainers.activitybar,
    ...Object.values(contributes.views).flat(),
  ].map(({ icon }) => icon);
  for (const icon of icons) assert(existsSync(join(root, icon)), icon);
  const png = readFileSync(join(root, manifest.icon));
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [128, 128]);
});
