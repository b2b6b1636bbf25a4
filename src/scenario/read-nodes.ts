import type { Line } from "./line.ts";
import { wholeOf } from "./line.ts";
import { nodeSets, type Choice, type NodeSet, type Nodes } from "./scenario.ts";

/** The most nodes that a scenario may have. */
export const mostNodes = 9;

/** Names that stand for nodes at this place of the text: n1 and so on, and those of `let`. */
export type Names = ReadonlySet<string>;

/** `n1`, `old n2`, `any 3 followers`, `all except leader n4`. */
export function readNodes(line: Line, names: Names): Nodes | undefined {
  const of = readChoices(line, names);
  if (of === undefined) return undefined;
  if (!line.has("except")) return { of, except: [] };
  const except = readChoices(line, names);
  return except && { of, except };
}

function readChoices(line: Line, names: Names): readonly Choice[] | undefined {
  const choices: Choice[] = [];
  do {
    const choice = readChoice(line, names);
    if (choice === undefined) return undefined;
    choices.push(choice);
  } while (isChoice(line.peek(), names));
  return choices;
}

function readChoice(line: Line, names: Names): Choice | undefined {
  if (line.has("any")) {
    const isCounted = wholeOf(line.peek() ?? "") !== undefined;
    const count = isCounted ? line.whole("how many of them", { min: 1, max: mostNodes }) : 1;
    const set = line.oneOf(nodeSets);
    return count === undefined || set === undefined ? undefined : { kind: "any", count, set };
  }
  const word = line.peek();
  const set = nodeSetOf(word);
  if (word === undefined || (set === undefined && !names.has(word))) {
    return line.expected(
      `a node (${[...names].join(", ")}, ${nodeSets.join(", ")}, or any of them)`,
    );
  }
  line.has(word);
  return set === undefined ? { kind: "name", name: word } : { kind: "set", set };
}

function isChoice(word: string | undefined, names: Names): boolean {
  if (word === undefined) return false;
  return word === "any" || names.has(word) || nodeSetOf(word) !== undefined;
}

function nodeSetOf(word: string | undefined): NodeSet | undefined {
  return nodeSets.find((set) => set === word);
}
