import type { AccountDocument, LogDocument } from "./documents.ts";

/** Lines that belong together, in a row. */
export interface Run {
  /** What all of them share. */
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** The entries of a log by term. Lines that cannot be read end a run. */
export function termRuns({ lines }: LogDocument): readonly Run[] {
  return runsOf(lines.lines, (line) => (line.kind === "entry" ? `term ${line.term}` : undefined));
}

/** The lines of an account by term and role; of one without terms, by the leader it tells. */
export function accountRuns({ lines }: AccountDocument): readonly Run[] {
  return runsOf(lines.lines, ({ term, role, said }) => {
    if (term !== null) return `term ${term}, ${role ?? "follower"}`;
    if (said.kind === "leader")
      return said.address === null ? "no leader" : `leader ${said.address}`;
    return said.kind === "leads" ? `leader: node ${said.number}` : undefined;
  });
}

function runsOf<Line>(
  lines: readonly Line[],
  keyOf: (line: Line) => string | undefined,
): readonly Run[] {
  const runs: { key: string; first: number; last: number }[] = [];
  let open: { key: string; first: number; last: number } | undefined;
  for (const [at, line] of lines.entries()) {
    const key = keyOf(line);
    if (key !== undefined && open?.key === key) open.last = at;
    else {
      open = key === undefined ? undefined : { key, first: at, last: at };
      if (open !== undefined) runs.push(open);
    }
  }
  return runs;
}
