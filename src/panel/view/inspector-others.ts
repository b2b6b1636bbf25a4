import { html, nothing, type TemplateResult } from "lit";
import { flightStanding } from "../inspector-model.ts";
import type { Detail, EntryCopy, FindingLine } from "../protocol.ts";
import { timeText } from "../tape-model.ts";
import {
  factList,
  hint,
  nodeLink,
  sectionMark,
  termChip,
  type InspectorScene,
} from "./inspector-parts.ts";

type EntryDetail = Extract<Detail, { readonly kind: "entry" }>;
type MessageDetail = Extract<Detail, { readonly kind: "message" }>;

/** One index in all logs: whether it is committed, why, and where it stands. */
export function entryPart(detail: EntryDetail | null, scene: InspectorScene): TemplateResult {
  const { say } = scene;
  if (detail === null)
    return hint(
      say("Select a column of the ledger to read why its entry is committed, or why not."),
    );
  const { index, copies, why } = detail;
  const committed = copies.find(({ isCommitted, entry }) => isCommitted && entry !== null);
  const shown = committed ?? copies.find(({ entry }) => entry !== null);
  const question =
    committed === undefined
      ? say("Why is entry {0} not committed?", index)
      : say("Why is entry {0} committed?", index);
  // The first sentence says where it stands, the second what follows from that.
  const deciding = why.length > 1 ? 1 : 0;
  return html`<h2>${question}</h2>
    ${
      shown?.entry == null
        ? nothing
        : html`<p class="lead">
            <span class="mono">${shown.entry.text}</span> ${termChip(shown.entry.term)}
          </p>`
    }
    <ol class="why">
      ${why.map(
        ({ text, section }, at) =>
          html`<li class=${at === deciding ? "is-deciding" : ""}>
            <span class="why-number" aria-hidden="true">${at + 1}</span>${text}
            ${sectionMark(section)}
          </li>`,
      )}
    </ol>
    <h3>${say("Where it stands")}</h3>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">${say("node")}</th>
          <th scope="col">${say("term")}</th>
          <th scope="col">${say("standing")}</th>
        </tr>
      </thead>
      <tbody>
        ${copies.map(
          (copy) =>
            html`<tr>
              <td>${nodeLink(copy.node, scene)}</td>
              <td>
                ${copy.entry === null ? html`<span class="muted">–</span>` : termChip(copy.entry.term)}
              </td>
              <td>${standingOf(copy, scene)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function standingOf(
  { entry, isSaved, isCommitted, isApplied }: EntryCopy,
  { say }: InspectorScene,
): unknown {
  if (entry === null) return html`<span class="muted">${say("missing")}</span>`;
  return [
    isCommitted ? say("committed") : say("not committed"),
    ...(isApplied ? [say("applied")] : []),
    ...(isSaved ? [] : [say("not durable")]),
  ].join(", ");
}

/** A message with its fields as Figure 2 names them. */
export function messagePart(detail: MessageDetail | null, scene: InspectorScene): TemplateResult {
  const { say, time } = scene;
  if (detail === null) return hint(say("Select a message on the ring to read its fields."));
  const { flight, fields } = detail;
  const exact = (millis: number) => timeText(millis, 1);
  return html`<h2>${flight.kind} ${termChip(flight.term)}</h2>
    <p class="lead">
      ${nodeLink(flight.from, scene)} → ${nodeLink(flight.to, scene)} ·
      ${flightStanding(flight, time, say)}
    </p>
    <h3>${say("Fields")}</h3>
    ${factList(fields.map(([name, value]) => ({ name, value: html`<span class="mono">${value}</span>` })))}
    <h3>${say("Way")}</h3>
    ${factList([
      { name: say("sent"), value: exact(flight.sent), isCode: false },
      {
        name: flight.end === null ? say("arrives") : say("ended"),
        value:
          flight.end !== null
            ? exact(flight.end.time)
            : flight.arrival === null
              ? "–"
              : exact(flight.arrival),
        isCode: false,
      },
    ])}`;
}

/** What the checks found, with the ways to the moments that prove it. */
export function findingsPart(chosen: number | null, scene: InspectorScene): TemplateResult {
  const { picture, say } = scene;
  if (picture.findings.length === 0) {
    return html`<h2>${say("No findings")}</h2>
      ${hint(say("Every event is checked against the properties of Figure 3 and more. So far all of them hold."))}`;
  }
  return html`<ul class="findings">
    ${picture.findings.map((finding) => findingItem(finding, finding.seq === chosen, scene))}
  </ul>`;
}

function findingItem(
  finding: FindingLine,
  isChosen: boolean,
  scene: InspectorScene,
): TemplateResult {
  const { say, send, select } = scene;
  const { check, text, section, seq, because } = finding;
  const go = () => {
    select({ kind: "finding", seq, check });
    send({ kind: "seek", seq });
  };
  return html`<li class=${`finding${isChosen ? " is-chosen" : ""}`}>
    <h2><i class="codicon codicon-error" aria-hidden="true"></i>${text}</h2>
    <p class="lead"><span class="mono">${check}</span> ${sectionMark(section)}</p>
    ${
      because.length === 0
        ? nothing
        : html`<ol class="why">
            ${because.map(
              (event, at) =>
                html`<li>
                  <span class="why-number" aria-hidden="true">${at + 1}</span>
                  <button
                    class="link-button"
                    @click=${() => send({ kind: "seek", seq: event.seq })}
                  >
                    ${event.text}
                  </button>
                </li>`,
            )}
          </ol>`
    }
    <div class="buttons">
      <button class="button small" @click=${go}>
        <i class="codicon codicon-history" aria-hidden="true"></i>${say("Go to the moment")}
      </button>
    </div>
  </li>`;
}
