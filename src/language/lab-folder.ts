import type { Fold, Hover, OutlineItem, Token } from "./answers.ts";
import { beginsIn, logAfter } from "./log-begins.ts";
import { readDocument, type Document } from "./documents.ts";
import { kindOf, nodeOf, type FileKind } from "./file-kind.ts";
import { foldsOf } from "./folds.ts";
import { hoverAt } from "./hover.ts";
import { judge, type Judgement } from "./judgement.ts";
import { membersFileName } from "./members-file.ts";
import { outlineOf } from "./outline.ts";
import type { Place, Position } from "./place.ts";
import type { Problem } from "./problem.ts";
import { nextPlace, placesOf } from "./same-entry.ts";
import { tokensIn } from "./tokens.ts";

/**
 * The files of one folder, judged together. Names are base names.
 *
 * Any text may be given: nothing here throws or hangs. Questions about a file that is not there are
 * answered with nothing. Two files that are no node's are worth giving, too: `cluster.json`, which
 * tells which name and which address are the same node, and a log of another name with its kind.
 */
export class LabFolder {
  readonly #documents = new Map<string, Document>();
  /** Counts what is done with each file, so that what is overtaken can stop. */
  readonly #turns = new Map<string, number>();
  /** What follows from all files; undefined since one of them changed. */
  #judgement: Judgement | undefined;
  /** What followed when it was last found out. */
  #before: Judgement | undefined;

  /**
   * New or changed content. Of a log only the lines are read that changed since the last time.
   *
   * What the file holds is told by its name, unless `kind` says it: for names that tell nothing.
   */
  set(file: string, text: string, kind?: FileKind): void {
    finish(this.setInSteps(file, text, kind));
  }

  /**
   * Does what `set` does, some milliseconds at each step, for texts too long to be read at once.
   * Until the last step all answers are about what the file was before. Another `set` or `delete`
   * of the file meanwhile ends it.
   */
  *setInSteps(file: string, text: string, kind?: FileKind): Generator<void, void> {
    const turn = this.#nextTurn(file);
    const before = this.#documents.get(file);
    const isMembers = file === membersFileName;
    const reading = readDocument(
      {
        file,
        kind: isMembers ? "members" : (kind ?? kindOf(file)),
        node: nodeOf(file) ?? stemOf(file),
        text,
      },
      before,
    );
    for (;;) {
      const step = reading.next();
      if (this.#turns.get(file) !== turn) return;
      if (step.done === true) {
        this.#documents.set(file, step.value);
        this.#change();
        return;
      }
      yield;
    }
  }

  delete(file: string): void {
    this.#turns.delete(file);
    if (this.#documents.delete(file)) this.#change();
  }

  get files(): readonly string[] {
    return [...this.#documents.keys()];
  }

  /** Of one file, the ones across files among them, in order of place. */
  problems(file: string): readonly Problem[] {
    return this.#judged().problems.get(file) ?? [];
  }

  allProblems(): ReadonlyMap<string, readonly Problem[]> {
    return this.#judged().problems;
  }

  /**
   * Finds out what follows from the files, some milliseconds at each step; whatever is asked after
   * that is answered at once. Without it the first question does all of it. A change of a file
   * meanwhile ends it.
   */
  *judgeInSteps(): Generator<void, void> {
    if (this.#judgement !== undefined) return;
    const documents = [...this.#documents.values()];
    const judging = judge(documents, this.#before);
    for (;;) {
      const step = judging.next();
      if (step.done === true) {
        if (this.#isNow(documents)) this.#judgement = step.value;
        return;
      }
      yield;
      if (!this.#isNow(documents)) return;
    }
  }

  hover(file: string, place: Position): Hover | null {
    const document = this.#documents.get(file);
    return document === undefined ? null : hoverAt(document, place, this.#judged());
  }

  outline(file: string): readonly OutlineItem[] {
    const document = this.#documents.get(file);
    return document === undefined ? [] : outlineOf(document);
  }

  folds(file: string): readonly Fold[] {
    const document = this.#documents.get(file);
    return document === undefined ? [] : foldsOf(document);
  }

  /** The same entry in the next node's log, in a circle; nodes that lack it are passed over. */
  sameEntry(file: string, place: Position): Place | null {
    const document = this.#documents.get(file);
    return document === undefined ? null : nextPlace(document, place, this.#judged());
  }

  /** The entry in every node's log. */
  allPlaces(file: string, place: Position): readonly Place[] {
    const document = this.#documents.get(file);
    return document === undefined ? [] : placesOf(document, place, this.#judged());
  }

  /** What the lines from `from` on, up to but without `to`, mean. */
  tokens(file: string, from: number, to: number): readonly Token[] {
    const document = this.#documents.get(file);
    return document === undefined ? [] : tokensIn(document, from, to, this.#judged());
  }

  #judged(): Judgement {
    return (this.#judgement ??= finish(judge([...this.#documents.values()], this.#before)));
  }

  #change(): void {
    const begins = beginsIn([...this.#documents.values()]);
    for (const document of this.#documents.values()) {
      if (document.kind !== "log") continue;
      const placed = logAfter(document, begins.get(document.file) ?? 0);
      if (placed !== document) this.#documents.set(document.file, placed);
    }
    this.#before = this.#judgement ?? this.#before;
    this.#judgement = undefined;
  }

  #nextTurn(file: string): number {
    const turn = (this.#turns.get(file) ?? 0) + 1;
    this.#turns.set(file, turn);
    return turn;
  }

  #isNow(documents: readonly Document[]): boolean {
    return (
      documents.length === this.#documents.size &&
      documents.every((document) => this.#documents.get(document.file) === document)
    );
  }
}

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function stemOf(file: string): string {
  const dot = file.lastIndexOf(".");
  return dot <= 0 ? file : file.slice(0, dot);
}
