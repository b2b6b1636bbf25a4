import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { isSelectedArgument } from "../../../src/extension/arguments.ts";
import { nodeStates } from "../../../src/extension/manifest.ts";
import { panelCommands } from "../../../src/panel/index.ts";

// The page tells keys and asks for menus that package.json contributes: the two must agree.

const root = join(import.meta.dirname, "../../..");
const menuItem = v.object({ command: v.string(), when: v.string() });
const { menus, keybindings } = v.parse(
  v.object({
    contributes: v.object({
      keybindings: v.array(
        v.object({
          command: v.string(),
          key: v.string(),
          when: v.string(),
          args: v.optional(v.unknown()),
        }),
      ),
      menus: v.object({
        "webview/context": v.array(menuItem),
        "editor/title": v.array(menuItem),
      }),
    }),
  }),
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
).contributes;
const panelKeys = keybindings.filter(({ when }) => when.includes("raftLab.panel.focused"));

const views = join(root, "src/panel/view");
const page = readdirSync(views)
  .map((name) => readFileSync(join(views, name), "utf8"))
  .join("\n");

/** Each button that the page draws with the key that its tooltip tells. */
const buttons = [...page.matchAll(/\bcommand: "(\w+)"[^}]*?\bkey: "([^"]*)"/g)].map(
  ([, command = "", key = ""]) => ({ command: `raftLab.${command}`, key: key.toLowerCase() }),
);

test("the tooltips tell the keys that package.json binds", () => {
  assert(buttons.length > 10, `only ${buttons.length} buttons`);
  for (const { command, key } of buttons.filter((button) => button.key !== "")) {
    const keys = panelKeys.filter((binding) => binding.command === command).map((each) => each.key);
    assert.deepEqual(keys, [key], command);
  }
});

test("every key of the panel but those of the tour is told by a tooltip", () => {
  for (const { command, key } of panelKeys.filter((each) => !/\.tour\w+$/.test(each.command))) {
    assert(
      buttons.some((button) => button.command === command && button.key === key),
      `${key}: ${command}`,
    );
  }
});

test("a key that is meant for one node means the one that is selected", () => {
  const about = new Set(["crashNode", "restartNode", "openNodeAccount", "openReplicatedLog"]);
  for (const { command, args } of panelKeys) {
    assert.equal(isSelectedArgument(args), about.has(command.replace("raftLab.", "")), command);
  }
});

test("what a key of the panel does, the page may ask for as well", () => {
  const known = new Set<string>(panelCommands.map((name) => `raftLab.${name}`));
  for (const { command } of panelKeys) assert(known.has(command), command);
});

test("menus open on parts of the page that are there, in states that nodes can be in", () => {
  const sections = new Set([...page.matchAll(/webviewSection: "(\w+)"/g)].map(([, name]) => name));
  assert.deepEqual(sections, new Set(["node", "entry"]));
  const used = new Set<string>();
  for (const { command, when } of menus["webview/context"]) {
    assert(when.startsWith("webviewId == 'raftLab.panel' && webviewSection == "), command);
    const section = /webviewSection == '(\w+)'/.exec(when)?.[1];
    assert(section !== undefined && sections.has(section), when);
    used.add(section);
    const state = /nodeState [!=]= '(\w+)'/.exec(when)?.[1];
    assert(state === undefined || nodeStates.some((each) => each === state), when);
  }
  assert.deepEqual(used, sections);
});

test("above the panel there are at most two icons at a time", () => {
  const items = menus["editor/title"];
  for (const isRunning of [false, true]) {
    const shown = items.filter(({ when }) => {
      assert(when.startsWith("activeWebviewPanelId == 'raftLab.panel'"), when);
      return !when.includes(isRunning ? "!raftLab.running" : "&& raftLab.running");
    });
    assert(shown.length > 0 && shown.length <= 2, `${shown.length}`);
  }
});
