import type { Contender } from "./contender.ts";

/** So many different commands of 64 bytes. */
export function commandsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `{"data": "${String(i).padStart(52, "x")}"}`);
}

/**
 * Has the leader commit and apply the commands before the one at `end`, from where it stands, and
 * keeps `inFlight` of them under way: as many as are answered are handed in anew.
 */
export async function agree(
  contender: Contender,
  commands: readonly string[],
  inFlight: number,
  end = commands.length,
): Promise<void> {
  let handed = contender.answered;
  while (contender.answered < end) {
    const next = Math.min(end, contender.answered + inFlight);
    if (next > handed) contender.propose(commands.slice(handed, next));
    handed = next;
    // Only who works later is waited for: a turn of the event loop is not free.
    const work = contender.work();
    if (work !== undefined) await work;
  }
}

/** Every node must have applied every command once, all in the same order. Null if they have. */
export function whatIsWrong({ applied }: Contender, commands: readonly string[]): string | null {
  const [first] = applied;
  if (first === undefined || applied.length !== 3) return "there are not three nodes";
  const wanted = new Set(commands);
  for (const [i, one] of applied.entries()) {
    const different = new Set(one);
    if (one.length !== commands.length || different.size !== one.length) {
      return `node ${i + 1} applied ${one.length} commands, ${different.size} different ones, of ${commands.length}`;
    }
    const strange = one.find((command) => !wanted.has(command));
    if (strange !== undefined) return `node ${i + 1} applied ${strange}, which nobody proposed`;
    const at = one.findIndex((command, j) => command !== first[j]);
    if (at !== -1) return `node ${i + 1} applied another command than node 1 as number ${at + 1}`;
  }
  return null;
}
