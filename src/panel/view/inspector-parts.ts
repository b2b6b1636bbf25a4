import { html, nothing, type TemplateResult } from "lit";
import type { PanelCommand } from "../protocol.ts";
import type { Say } from "../texts.ts";
import type { Surroundings } from "./view.ts";
import type { Picture } from "../protocol.ts";

/** What the parts of the inspector are drawn with. */
export interface InspectorScene extends Surroundings {
  readonly picture: Picture;
  readonly time: number;
  readonly nameOf: (id: string) => string;
  readonly say: Say;
}

/** The number of a term in its colour. Styles in attributes are forbidden here, hence a class. */
export function termChip(term: number): TemplateResult {
  return html`<span class=${`term-chip ${termClass(term)}`}>t${term}</span>`;
}

export function termClass(term: number): string {
  return term === 0 ? "of-no-term" : `of-term${((term - 1) % 6) + 1}`;
}

/** A section of the paper. */
export function sectionMark(section: string): TemplateResult | typeof nothing {
  return section === "" ? nothing : html`<span class="section">${section}</span>`;
}

export interface Fact {
  readonly name: string;
  readonly value: unknown;
  /** In the paper's letters. */
  readonly isCode?: boolean;
}

export function factList(facts: readonly Fact[]): TemplateResult {
  return html`<dl class="facts">
    ${facts.map(
      ({ name, value, isCode = true }) =>
        html`<div class="fact">
          <dt class=${isCode ? "mono" : ""}>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export interface ActionButton {
  readonly command: PanelCommand;
  readonly icon: string;
  readonly text: string;
  readonly isEnabled: boolean;
}

export function actionButtons(
  actions: readonly ActionButton[],
  node: string | undefined,
  { send }: InspectorScene,
): TemplateResult {
  return html`<div class="buttons">
    ${actions.map(
      ({ command, icon, text, isEnabled }) =>
        html`<button
          class="button small"
          ?disabled=${!isEnabled}
          @click=${() => send({ kind: "run", command, ...(node === undefined ? {} : { node }) })}
        >
          <i class=${`codicon codicon-${icon}`} aria-hidden="true"></i>${text}
        </button>`,
    )}
  </div>`;
}

/** The name of a node, which selects it. */
export function nodeLink(id: string, { nameOf, select }: InspectorScene): TemplateResult {
  return html`<button class="link-button" @click=${() => select({ kind: "node", node: id })}>
    ${nameOf(id)}
  </button>`;
}

export function hint(text: string): TemplateResult {
  return html`<p class="hint muted">${text}</p>`;
}
