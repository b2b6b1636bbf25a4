import { unreachable } from "../raft/index.ts";
import type { Said } from "./account-line.ts";
import type { Hover, HoverPart } from "./answers.ts";
import type { AccountDocument } from "./documents.ts";
import type { Judgement } from "./judgement.ts";
import { rangeInLine } from "./place.ts";
import { shownText } from "./shown-text.ts";

type Line = readonly HoverPart[];

/** What a line of an account means, and how sure it is. */
export function accountHover(
  { node, lines }: AccountDocument,
  line: number,
  { view }: Judgement,
): Hover | null {
  const told = lines.lines[line];
  if (told === undefined) return null;
  const meaning = meaningOf(told.said, told.term !== null, view.names);
  const when: readonly Line[] =
    told.term === null || told.role === null
      ? []
      : [[text(`${node} is ${roleText[told.role]} in term ${told.term}.`)]];
  if (meaning.length === 0 && when.length === 0) return null;
  return { range: rangeInLine(line, 0, told.length), lines: [...when, ...meaning] };
}

const roleText = {
  leader: "the leader",
  candidate: "a candidate",
  follower: "a follower",
} as const;

function meaningOf(
  said: Said,
  hasTerm: boolean,
  names: ReadonlyMap<string, string>,
): readonly Line[] {
  switch (said.kind) {
    case "leader": {
      if (said.address === null) {
        return [[text("It knows no leader: an election is due or under way. "), section("5.2")]];
      }
      const name = names.get(said.address);
      const who = name === undefined ? "" : ` That is ${name}.`;
      return [
        [
          text("It takes "),
          code(said.address),
          text(` for the leader.${who}${hasTerm ? "" : belief} `),
          section("5.2"),
        ],
      ];
    }
    case "leads":
      return [
        [
          text(
            `Node ${said.number} has become leader: a majority voted for it.${hasTerm ? "" : belief} `,
          ),
          section("5.2"),
        ],
      ];
    case "votes":
      return [[text("A node votes for at most one candidate in a term. "), section("5.2")]];
    case "committed":
      return [
        [text(`Entries 1 to ${said.index} stay for ever, and may be applied. `), section("5.3")],
      ];
    case "drops":
      return [
        [
          text(
            `The leader's entries take the place of its own from ${said.from} on. That happens only to entries that are not committed. `,
          ),
          section("5.3"),
        ],
      ];
    case "stores":
      return [[text("What a node stores is not committed yet. "), section("5.3")]];
    case "wrote":
      return [
        [text("The entry that set this is committed: its writer was told so. "), section("5.3")],
      ];
    case "started":
      return [
        [
          text("It knows what it saved: term, vote and log. What is committed it learns anew. "),
          section("Figure 2"),
        ],
      ];
    case "logBegins":
      return [
        [
          text(
            `The first line of ${shownText(said.file)} is entry ${said.after + 1}. What a snapshot stands for is sent as that, and not entry by entry. `,
          ),
          section("7"),
        ],
      ];
    case "stopped":
    case "other":
      return [];
    default:
      return unreachable(said);
  }
}

/** What the scripts of the lab print comes from asking every few seconds, and names no term. */
const belief = " This is what the node believed when it was last asked; it names no term.";

function text(words: string): HoverPart {
  return { kind: "text", text: words };
}

function code(words: string): HoverPart {
  return { kind: "code", text: shownText(words) };
}

function section(name: string): HoverPart {
  return { kind: "section", section: name };
}
