import * as v from "valibot";
import { panelCommands, type PanelRequest } from "./protocol.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.maxLength(200));
const time = v.pipe(v.number(), v.finite());

const selection = v.variant("kind", [
  v.object({ kind: v.literal("node"), node: name }),
  v.object({ kind: v.literal("entry"), index: count }),
  v.object({ kind: v.literal("message"), id: count }),
  v.object({ kind: v.literal("finding"), seq: count, check: name }),
]);

const request = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("seek"), seq: count }),
  v.object({ kind: v.literal("seekTime"), time }),
  v.object({
    kind: v.literal("run"),
    command: v.picklist(panelCommands),
    node: v.exactOptional(name),
  }),
  v.object({
    kind: v.literal("look"),
    first: v.nullable(count),
    columns: v.pipe(count, v.minValue(1), v.maxValue(500)),
  }),
  v.object({ kind: v.literal("focus"), hasFocus: v.boolean() }),
  v.object({ kind: v.literal("select"), selection: v.nullable(selection) }),
]);

/**
 * What the panel asks for; undefined if that is nothing we know. The panel is a web page and may
 * be older or newer than the extension that answers it.
 */
export function decodePanelRequest(raw: unknown): PanelRequest | undefined {
  const { success, output } = v.safeParse(request, raw);
  return success ? output : undefined;
}
