import type { Document, LogDocument } from "./documents.ts";

// A log file of ours begins with the first entry, unless a snapshot brought entries that its node
// never had. The lines do not say that, but the node's account does, with the name of the file.

/** After which entry each log file begins, of those whose account says so. */
export function beginsIn(documents: readonly Document[]): ReadonlyMap<string, number> {
  const begins = new Map<string, number>();
  for (const document of documents) {
    if (document.kind !== "account") continue;
    for (const [file, after] of document.facts.logBegins) begins.set(file, after);
  }
  return begins;
}

/** The log as one that begins after this entry; where its lines say their index, that counts. */
export function logAfter(document: LogDocument, after: number): LogDocument {
  const { shape } = document;
  const [first] = shape.entries;
  const isSaid = first !== undefined && first.index !== null;
  if (isSaid || shape.firstIndex === after + 1) return document;
  // Past what is exact, one more would be the same number.
  if (!Number.isSafeInteger(after + shape.entries.length + 1)) return document;
  return { ...document, shape: { ...shape, firstIndex: after + 1 } };
}
