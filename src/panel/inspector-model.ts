import { unreachable, type NodeId } from "../raft/index.ts";
import { leaderIn } from "./voting.ts";
import type { Model } from "./model.ts";
import type { FlightEnd, FlightPicture, NodePicture, Picture } from "./protocol.ts";
import type { Say } from "./texts.ts";

export type InspectorTab = "node" | "entry" | "message" | "findings";

export const inspectorTabs = ["node", "entry", "message", "findings"] as const;

/** Which tab tells of what is selected. */
export function tabOf(selection: Model["selection"]): InspectorTab {
  switch (selection?.kind) {
    case "entry":
      return "entry";
    case "message":
      return "message";
    case "finding":
      return "findings";
    case "node":
    case undefined:
      return "node";
    default:
      return unreachable(selection);
  }
}

/** The node to tell of: the one that is selected, else the leader, else the first. */
export function inspectedNode(
  picture: Picture,
  selection: Model["selection"],
): NodePicture | undefined {
  const wanted = selection?.kind === "node" ? selection.node : undefined;
  const found = picture.nodes.find(({ id }) => id === wanted);
  return found ?? leaderIn(picture) ?? picture.nodes[0];
}

/** The tab after a key, as in every list of tabs; undefined if the key leads to none. */
export function tabAfter(tab: InspectorTab, key: string): InspectorTab | undefined {
  const at = inspectorTabs.indexOf(tab);
  switch (key) {
    case "ArrowRight":
      return inspectorTabs[(at + 1) % inspectorTabs.length];
    case "ArrowLeft":
      return inspectorTabs.at(at - 1);
    case "Home":
      return inspectorTabs[0];
    case "End":
      return inspectorTabs.at(-1);
    default:
      return undefined;
  }
}

/** What became of a message, in a few words. */
export function flightStanding(flight: FlightPicture, time: number, say: Say): string {
  const { sent, arrival, end } = flight;
  if (end !== null && end.time <= time) {
    return endText(flight, end, say);
  }
  if (time < sent) return say("not sent yet");
  if (arrival === null) return say("on its way");
  return say("on its way, {0} ms left", Math.max(0, Math.round(arrival - time)));
}

function endText({ sent }: FlightPicture, { time, how }: FlightEnd, say: Say): string {
  switch (how) {
    case "received":
      return say("received after {0} ms", Math.round(time - sent));
    case "lost":
      return say("lost on its way");
    case "cut":
      return say("stopped where the link is cut");
    case "down":
      return say("lost, for the receiver is down");
    case "disconnected":
      return say("lost, for the connection broke");
    default:
      return unreachable(how);
  }
}

/** The peers of a leader in the order of the members, with what it believes of each. */
export function peersOf(
  node: NodePicture,
  { members }: Pick<Picture, "members">,
): readonly { readonly id: NodeId; readonly nextIndex: number; readonly matchIndex: number }[] {
  return members.flatMap(({ id }) => {
    const peer = node.peers?.[id];
    return peer === undefined || id === node.id ? [] : [{ id, ...peer }];
  });
}
