import { html, nothing, type TemplateResult } from "lit";
import { peersOf } from "../inspector-model.ts";
import { ballotTallies, roleText, roundedMillis } from "../node-look.ts";
import type { Detail, NodePicture } from "../protocol.ts";
import {
  actionButtons,
  factList,
  nodeLink,
  termChip,
  type ActionButton,
  type Fact,
  type InspectorScene,
} from "./inspector-parts.ts";

/** How many of the last entries are shown: the rest of the state has to be seen as well. */
const shownEntries = 6;

type NodeDetail = Extract<Detail, { readonly kind: "node" }>;

/** The whole state of a node, laid out as in Figure 2. */
export function nodePart(
  node: NodePicture,
  detail: NodeDetail | null,
  isChosen: boolean,
  scene: InspectorScene,
): TemplateResult {
  const { picture, nameOf, say } = scene;
  const member = picture.members.find(({ id }) => id === node.id);
  return html`<h2>
      ${nameOf(node.id)} <span class="lighter">${roleText(node, picture, say)}</span>
    </h2>
    <p class="lead">${member?.name} · ${member?.address}</p>
    ${isChosen ? nothing : html`<p class="hint muted">${say("Select a node, an entry or a message to read of it here.")}</p>`}
    ${node.failure === null ? nothing : html`<p class="failure">${node.failure}</p>`}
    ${actionButtons(actionsFor(node, scene), node.id, scene)}
    <h3>${say("Persistent state")}</h3>
    ${factList([
      { name: "currentTerm", value: termChip(node.currentTerm) },
      {
        name: "votedFor",
        value: node.votedFor === null ? none(say("nobody")) : nodeLink(node.votedFor, scene),
      },
      { name: "log[ ]", value: logText(node, scene) },
    ])}
    ${logTable(detail, scene)}
    <h3>${say("Volatile state")}</h3>
    ${factList([
      { name: "commitIndex", value: node.commitIndex },
      { name: "lastApplied", value: node.lastApplied },
    ])}
    <h3>${say("Volatile state on leaders")}</h3>
    ${peersTable(node, scene)}
    <h3>${say("Beside Figure 2")}</h3>
    ${factList(besideFigure2(node, scene))} ${stateTable(detail, scene)}`;
}

function actionsFor(node: NodePicture, { picture, say }: InspectorScene): readonly ActionButton[] {
  const isLive = picture.source.kind === "live";
  const isRunning = node.life === "running";
  return [
    isRunning
      ? { command: "crashNode", icon: "zap", text: say("Crash"), isEnabled: isLive }
      : { command: "restartNode", icon: "debug-restart", text: say("Restart"), isEnabled: isLive },
    {
      command: "submitEntryToNode",
      icon: "add",
      text: say("Submit here"),
      isEnabled: isLive && isRunning,
    },
    { command: "openNodeAccount", icon: "note", text: say("Account"), isEnabled: isLive },
    {
      command: "openReplicatedLog",
      icon: "list-ordered",
      text: say("Replicated log"),
      isEnabled: isLive,
    },
  ];
}

function logText({ lastLogIndex, savedIndex }: NodePicture, { say }: InspectorScene): string {
  if (lastLogIndex === 0) return say("empty");
  return savedIndex >= lastLogIndex
    ? say("{0} entries, all durable", lastLogIndex)
    : say("{0} entries, durable up to {1}", lastLogIndex, savedIndex);
}

function logTable(
  detail: NodeDetail | null,
  scene: InspectorScene,
): TemplateResult | typeof nothing {
  if (detail === null || detail.entries.length === 0) return nothing;
  const { say, select } = scene;
  const shown = detail.entries.slice(-shownEntries);
  const earlier = detail.earlier + detail.entries.length - shown.length;
  return html`<table class="grid">
    <thead>
      <tr>
        <th scope="col">${say("index")}</th>
        <th scope="col">${say("term")}</th>
        <th scope="col">${say("command")}</th>
      </tr>
    </thead>
    <tbody>
      ${
        earlier === 0
          ? nothing
          : html`<tr>
              <td colspan="3" class="muted">${say("{0} earlier", earlier)}</td>
            </tr>`
      }
      ${shown.map(
        ({ index, term, text }) =>
          html`<tr>
            <td>
              <button class="link-button mono" @click=${() => select({ kind: "entry", index })}>
                ${index}
              </button>
            </td>
            <td>${termChip(term)}</td>
            <td class="mono clipped" title=${text}>${text}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function peersTable(node: NodePicture, scene: InspectorScene): TemplateResult {
  const { picture, say } = scene;
  const peers = peersOf(node, picture);
  if (node.peers === null) return html`<p class="hint muted">${say("It does not lead.")}</p>`;
  return html`<table class="grid">
    <thead>
      <tr>
        <th scope="col">${say("peer")}</th>
        <th scope="col" class="mono">nextIndex</th>
        <th scope="col" class="mono">matchIndex</th>
      </tr>
    </thead>
    <tbody>
      ${peers.map(
        ({ id, nextIndex, matchIndex }) =>
          html`<tr>
            <td>${nodeLink(id, scene)}</td>
            <td class="mono">${nextIndex}</td>
            <td class="mono">${matchIndex}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function besideFigure2(node: NodePicture, scene: InspectorScene): readonly Fact[] {
  const { picture, say, time } = scene;
  const isRunning = node.life === "running";
  const facts: Fact[] = [{ name: say("role"), value: roleText(node, picture, say), isCode: false }];
  if (node.leaderId !== null) {
    facts.push({ name: say("follows"), value: nodeLink(node.leaderId, scene), isCode: false });
  }
  if (isRunning && node.electionDeadline !== null) {
    const left = roundedMillis(Math.max(0, node.electionDeadline - time));
    facts.push({ name: say("election timeout in"), value: left, isCode: false });
  }
  if (isRunning && node.heartbeatDeadline !== null) {
    const left = roundedMillis(Math.max(0, node.heartbeatDeadline - time));
    facts.push({ name: say("next heartbeats in"), value: left, isCode: false });
  }
  if (node.ballots !== null)
    facts.push({ name: say("votes"), value: ballots(node, scene), isCode: false });
  return facts;
}

function ballots(node: NodePicture, { picture, nameOf, say }: InspectorScene): TemplateResult {
  const [now, old] = ballotTallies(node, picture);
  const count =
    old === undefined
      ? say("{0} of {1} needed", now.counted, now.needed)
      : say(
          "{0} of {1} needed, and {2} of {3} of the old members",
          now.counted,
          now.needed,
          old.counted,
          old.needed,
        );
  const asked = new Set([...now.nodes, ...(old?.nodes ?? [])]);
  const given = [...asked].map((id) => {
    const ballot = node.ballots?.[id] ?? "none";
    const sign = ballot === "granted" ? "✓" : ballot === "refused" ? "✗" : "…";
    return `${nameOf(id)} ${sign}`;
  });
  return html`${count}<br /><span class="mono">${given.join("  ")}</span>`;
}

function stateTable(
  detail: NodeDetail | null,
  { say }: InspectorScene,
): TemplateResult | typeof nothing {
  if (detail === null) return nothing;
  return html`<h3>${say("State machine")}</h3>
    ${
      detail.state.length === 0
        ? html`<p class="hint muted">${say("Nothing has been applied yet.")}</p>`
        : html`<table class="grid">
            <thead>
              <tr>
                <th scope="col">${say("name")}</th>
                <th scope="col">${say("value")}</th>
              </tr>
            </thead>
            <tbody>
              ${detail.state.map(
                ([name, value]) =>
                  html`<tr>
                    <td class="mono clipped" title=${name}>${name}</td>
                    <td class="mono clipped" title=${value}>${value}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }`;
}

function none(text: string): TemplateResult {
  return html`<span class="muted">${text}</span>`;
}
