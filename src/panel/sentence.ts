import { isJoint } from "../raft/index.ts";
import { ballotTallies, isStaleLeader, shortNameIn } from "./node-look.ts";
import { spareNodes } from "./partition.ts";
import type { NodePicture, Picture } from "./protocol.ts";
import type { Say } from "./texts.ts";
import { configurationOf, leaderIn, standingIn, talliesOf } from "./voting.ts";

/** A piece of the sentence of status. */
export type Piece =
  /** What matters most. */
  | { readonly kind: "strong"; readonly text: string }
  | { readonly kind: "plain"; readonly text: string }
  /** A term, to be shown in its colour. */
  | { readonly kind: "term"; readonly term: number }
  /** What is less important. */
  | { readonly kind: "muted"; readonly text: string };

/** What is true of the cluster at this moment, in a sentence or two. */
export function sentenceOf(picture: Picture, say: Say): readonly Piece[] {
  const nameOf = shortNameIn(picture);
  const leader = leaderIn(picture);
  const broken = brokenOf(picture, say);
  if (picture.source.kind === "stopped" && picture.clock.position === "live") {
    return [
      ...broken,
      strong(say("The cluster has stopped.")),
      plain(say("Its past is still here.")),
    ];
  }
  const said =
    leader === undefined ? withoutLeader(picture, say) : withLeader(picture, leader, say);
  const stale = picture.nodes
    .filter((node) => isStaleLeader(node, picture))
    .flatMap((node): readonly Piece[] => [
      strong(say("{0} still believes it leads", nameOf(node.id))),
      { kind: "term", term: node.currentTerm },
      plain(say("but can commit nothing.")),
    ]);
  const asides = asidesOf(picture, leader, say);
  const muted: readonly Piece[] = asides === "" ? [] : [{ kind: "muted", text: asides }];
  return [...broken, ...said, ...stale, ...muted];
}

/** What must always hold and does not, as the first check that saw it tells. */
function brokenOf({ findings, clock }: Picture, say: Say): readonly Piece[] {
  const finding = findings.find(({ seq }) => seq <= clock.seq);
  if (finding === undefined) return [];
  const words = finding.check
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return [strong(say("{0} is broken.", words.join(" "))), plain(finding.text)];
}

/** The same as text, for a screen reader. */
export function sentenceText(pieces: readonly Piece[], say: Say): string {
  return pieces
    .map((piece, at) => {
      if (piece.kind !== "term") return piece.text;
      const next = pieces[at + 1];
      // A term ends a sentence unless the next piece goes on with it.
      return next?.kind === "plain" ? say("term {0}", piece.term) : say("term {0}.", piece.term);
    })
    .join(" ");
}

function withLeader(picture: Picture, leader: NodePicture, say: Say): readonly Piece[] {
  const nameOf = shortNameIn(picture);
  const committed = Math.max(0, ...picture.nodes.map(({ commitIndex }) => commitIndex));
  const last = Math.max(leader.lastLogIndex, committed);
  const configuration = configurationOf(picture);
  const spare = spareNodes(picture, configuration);
  const joint = isJoint(configuration)
    ? [plain(say("Old and new members count together: a majority of each is needed."))]
    : [];
  const entries =
    last === 0
      ? [plain(`${say("no entries yet")};`)]
      : [strong(say("{0} of {1}", committed, last)), plain(`${say("committed")};`)];
  return [
    strong(say("{0} leads", nameOf(leader.id))),
    { kind: "term", term: leader.currentTerm },
    ...entries,
    plain(spareText(spare, say)),
    ...joint,
  ];
}

function spareText(spare: number, say: Say): string {
  if (spare < 0) return say("no majority is up, so nothing more can commit.");
  if (spare === 0) return say("no further node may be lost.");
  return spare === 1 ? say("can lose 1 more node.") : say("can lose {0} more nodes.", spare);
}

function withoutLeader(picture: Picture, say: Say): readonly Piece[] {
  const nameOf = shortNameIn(picture);
  const running = picture.nodes.filter(({ life }) => life === "running");
  const tallies = talliesOf(configurationOf(picture), (id) =>
    running.some((node) => node.id === id),
  );
  const lacking = tallies.find(({ counted, needed }) => counted < needed);
  if (lacking !== undefined) {
    const { counted, of, needed } = lacking;
    const isOfAll = of === picture.members.length;
    return [
      strong(say("No leader.")),
      plain(
        isOfAll
          ? say(
              "Only {0} of {1} nodes are up, and {2} are needed to elect one.",
              counted,
              of,
              needed,
            )
          : lacking === tallies[1]
            ? say(
                "Only {0} of {1} old voters are up, and {2} are needed to elect one.",
                counted,
                of,
                needed,
              )
            : say(
                "Only {0} of {1} voters are up, and {2} are needed to elect one.",
                counted,
                of,
                needed,
              ),
      ),
    ];
  }
  const newest = Math.max(0, ...running.map(({ currentTerm }) => currentTerm));
  const candidates = running.filter(
    ({ role, currentTerm }) => role === "candidate" && currentTerm === newest,
  );
  if (candidates.length === 0) {
    return [
      strong(say("No leader.")),
      plain(say("The first election timeout to end makes its node a candidate.")),
    ];
  }
  const names = candidates.map(({ id }) => nameOf(id));
  const counts = candidates.map((node) => votesText(node, picture, say));
  return [
    strong(say("No leader.")),
    plain(
      names.length === 1
        ? say("{0} stands for", names[0] ?? "")
        : say("{0} stand for", joined(names, say)),
    ),
    { kind: "term", term: newest },
    strong(`${joined(counts, say)}.`),
  ];
}

function votesText(node: NodePicture, picture: Picture, say: Say): string {
  const name = shortNameIn(picture)(node.id);
  const [now, old] = ballotTallies(node, picture);
  if (old === undefined) return say("{0} has {1} of {2} votes", name, now.counted, now.needed);
  const { counted, needed } = old;
  return say(
    "{0} has {1} of {2} votes of the new members and {3} of {4} of the old",
    name,
    now.counted,
    now.needed,
    counted,
    needed,
  );
}

function asidesOf(picture: Picture, leader: NodePicture | undefined, say: Say): string {
  const nameOf = shortNameIn(picture);
  const down = picture.nodes.filter(({ life }) => life !== "running").map(({ id }) => nameOf(id));
  const configuration = configurationOf(picture);
  const learners = picture.members
    .filter(({ id }) => standingIn(configuration, id) === "learner")
    .map(({ id }) => nameOf(id));
  const lagging = leader === undefined ? [] : laggardsOf(picture, leader, say);
  const told = [
    ...(down.length === 0
      ? []
      : [
          down.length === 1
            ? say("{0} is down", down[0] ?? "")
            : say("{0} are down", joined(down, say)),
        ]),
    ...(learners.length === 0
      ? []
      : [
          learners.length === 1
            ? say("{0} only learns", learners[0] ?? "")
            : say("{0} only learn", joined(learners, say)),
        ]),
    ...(lagging.length > 3 ? [say("{0} nodes lag", lagging.length)] : lagging),
  ];
  return told.length === 0 ? "" : `${told.join("; ")}.`;
}

/** Who lacks what is committed. What is not may well be on its way, and is no lag to speak of. */
function laggardsOf(picture: Picture, leader: NodePicture, say: Say): readonly string[] {
  const nameOf = shortNameIn(picture);
  return picture.nodes.flatMap((node) => {
    if (node.life !== "running" || node.lastLogIndex + 1 >= leader.commitIndex) return [];
    const behind = leader.lastLogIndex - node.lastLogIndex;
    const isUnheard = picture.cutLinks.some(({ from, to }) => from === node.id && to === leader.id);
    return [
      isUnheard
        ? say("{0} lags by {1} and {2} cannot hear it", nameOf(node.id), behind, nameOf(leader.id))
        : say("{0} lags by {1}", nameOf(node.id), behind),
    ];
  });
}

function joined(items: readonly string[], say: Say): string {
  if (items.length < 2) return items.join("");
  return say("{0} and {1}", items.slice(0, -1).join(", "), items.at(-1) ?? "");
}

function strong(text: string): Piece {
  return { kind: "strong", text };
}

function plain(text: string): Piece {
  return { kind: "plain", text };
}
