import { cellWord } from "../ledger-words.ts";
import type { LedgerCell, LedgerModel } from "../ledger-model.ts";
import { roleText } from "../node-look.ts";
import type { Picture } from "../protocol.ts";
import type { Say } from "../texts.ts";
import { html } from "./html.ts";

/** How many of the last indexes have a column. */
const mostColumns = 30;

export interface TableScene {
  readonly model: LedgerModel;
  readonly picture: Picture;
  readonly nameOf: (id: string) => string;
  readonly say: Say;
}

/** The nodes and their logs as a real table, for those who do not see the picture. */
export class LedgerTable {
  readonly element = html("div", "visually-hidden");
  #written = "";

  draw({ model, picture, nameOf, say }: TableScene): void {
    const columns = model.columns.slice(-mostColumns);
    const heads = [
      say("Node"),
      say("Role"),
      "currentTerm",
      "commitIndex",
      ...columns.map(({ index }) => say("Index {0}", index)),
    ];
    const rows = model.rows.map(({ node, nodes, cells, commitIndex }) => [
      nodes.map(({ id }) => nameOf(id)).join(", "),
      roleText(node, picture, say),
      String(node.currentTerm),
      String(commitIndex),
      ...cells.slice(-mostColumns).map((cell) => cellText(cell, say)),
    ]);
    const copies = [
      say("Copies of {0}", model.count),
      "",
      "",
      String(model.commitIndex),
      ...columns.map((column) => String(column.copies)),
    ];
    const told = JSON.stringify([heads, rows, copies]);
    if (told === this.#written) return;
    this.#written = told;
    const table = html(
      "table",
      "",
      html("caption", "", say("The nodes and their logs")),
      html("thead", "", html("tr", "", ...heads.map((text) => headCell(text, "col")))),
      html("tbody", "", ...[...rows, copies].map(tableRow)),
    );
    this.element.replaceChildren(table);
  }
}

function tableRow([name = "", ...rest]: readonly string[]): HTMLTableRowElement {
  return html("tr", "", headCell(name, "row"), ...rest.map((text) => html("td", "", text)));
}

function headCell(text: string, scope: "col" | "row"): HTMLTableCellElement {
  const cell = html("th", "", text);
  cell.scope = scope;
  return cell;
}

function cellText({ kind, term }: LedgerCell, say: Say): string {
  return kind === "missing" ? say("missing") : say("term {0}, {1}", term, cellWord(kind, say));
}
