import type { NodeId } from "../raft/index.ts";
import { stopIds, type Cast, type RecordedTour, type StopId } from "./record-tour.ts";

/** Where the guided tour stands still, and what is said there. */
export interface TourStop {
  readonly id: StopId;
  /** How many events have happened. */
  readonly seq: number;
  /** What to look at on the way there. */
  readonly watch: string;
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  /** Where in the paper this stands; empty where that is everywhere. */
  readonly section: string;
  /** What to look at. */
  readonly focus: "ring" | "ledger" | "tape" | null;
  readonly isEnd: boolean;
}

/** Says a text in the user's language and fills in `{0}`, `{1}` … */
export type Say = (text: string, ...values: readonly (string | number)[]) => string;

/** The stops of a recorded run, in order. The last one is the end page. */
export function stopsOf(
  { seqs, cast, members }: RecordedTour,
  nameOf: (id: NodeId) => string,
  say: Say,
): readonly TourStop[] {
  const size = members.length;
  const people: People = {
    ...cast,
    first: nameOf(cast.first),
    firstAsked: nameOf(cast.firstAsked),
    firstVoter: nameOf(cast.firstVoter),
    firstCopy: nameOf(cast.firstCopy),
    second: nameOf(cast.second),
    size,
    majority: Math.floor(size / 2) + 1,
  };
  return stopIds.map((id) => ({
    id,
    seq: seqs[id],
    ...pages[id](people, say),
    isEnd: id === "end",
  }));
}

/** The cast by the names that are shown. */
type People = Cast & { readonly size: number; readonly majority: number };

type Page = (people: People, say: Say) => Omit<TourStop, "id" | "seq" | "isEnd">;

/** What is said at each stop. Each sentence holds in the run: see test/unit/tour. */
const pages: Readonly<Record<StopId, Page>> = {
  start: ({ size }, say) => ({
    watch: say("The nodes start."),
    title: say("{0} nodes, and nobody leads", size),
    text: [
      say(
        "Each circle is a node: a program that keeps a log. They want to hold the same log, although any of them may crash. All begin as followers, in term 0, with an empty log.",
      ),
      say(
        "The ring around a node is its election timeout. Each node has drawn its length by chance, so that they do not all run out at once.",
      ),
    ],
    section: "§5.1",
    focus: "ring",
  }),
  candidate: ({ first, firstAsked, firstTerm }, say) => ({
    watch: say("Whose ring runs out first?"),
    title: say("{0} stands for election", first),
    text: [
      say(
        "{0} has heard of no leader in time. It begins term {1}, becomes a candidate (the diamond), votes for itself and asks the others for their votes: the triangles are RequestVote messages.",
        first,
        firstTerm,
      ),
      say(
        "The first has just reached {0}, which votes for {1}. A node votes once in a term, and writes its vote to the disk before it answers.",
        firstAsked,
        first,
      ),
    ],
    section: "§5.2",
    focus: "ring",
  }),
  votes: ({ first, firstVoter, size, majority }, say) => ({
    watch: say("The hollow triangles bring the answers back."),
    title: say("{0} has 2 of the {1} votes it needs", first, majority),
    text: [
      say(
        "The vote of {0} has arrived, beside the one that {1} gave itself. The dots around the diamond are the ballots, each where its voter stands; a filled one is a vote.",
        firstVoter,
        first,
      ),
      say("It takes {0}: a majority of all {1} nodes.", majority, size),
    ],
    section: "§5.2",
    focus: "ring",
  }),
  leader: ({ first, firstTerm, size, majority }, say) => ({
    watch: say("One more vote is enough."),
    title: say("{0} leads in term {1}", first, firstTerm),
    text: [
      say(
        "The votes of {0} nodes of {1} have reached {2}, its own among them. So it becomes the leader: the square with the crown. It need not wait for the other answers.",
        majority,
        size,
        first,
      ),
      say(
        "Any two majorities share a node, and that node votes once in a term. So no term has two leaders.",
      ),
    ],
    section: "§5.2",
    focus: "ring",
  }),
  heartbeats: ({ first }, say) => ({
    watch: say("The leader tells the others at once that it leads."),
    title: say("Heartbeats keep the others calm"),
    text: [
      say(
        "The small dots are heartbeats of {0}: AppendEntries messages with nothing in them. Whoever gets one starts its election timeout anew, so nobody else stands while the leader is heard.",
        first,
      ),
      say(
        "Below, the same is drawn over time: a line for each node, a stroke for each message, and the double line is the leader.",
      ),
    ],
    section: "§5.2",
    focus: "tape",
  }),
  copies: ({ first, firstCopy, entry, size }, say) => ({
    watch: say("A client gives the leader a command: x=1."),
    title: say("{0} copies the entry to the others", first),
    text: [
      say(
        "{0} has put the command into its own log, as entry {1}, and sent it to all. {2} has it, too: 2 copies of {3}.",
        first,
        entry,
        firstCopy,
        size,
      ),
      say(
        "A row is the log of a node, and the number in a cell is the term of the entry. The cell is hatched because the entry is not committed yet: it could still be lost.",
      ),
    ],
    section: "§5.3",
    focus: "ledger",
  }),
  committed: ({ first, entry, majority, size }, say) => ({
    watch: say("The followers answer when the entry is on their disks."),
    title: say("A majority has it: entry {0} is committed", entry),
    text: [
      say(
        "{0} knows now of {1} copies, its own among them. That is a majority of {2}, so the entry will never be lost: {0} applies it, x becomes 1, and the client gets its answer.",
        first,
        majority,
        size,
      ),
      say(
        "The bar in the row of {0} has moved behind entry {1}. The others have the entry, but do not know yet that it is committed.",
        first,
        entry,
      ),
    ],
    section: "§5.3",
    focus: "ledger",
  }),
  known: ({ entry }, say) => ({
    watch: say("The next heartbeats carry the news."),
    title: say("Now all know that it is committed"),
    text: [
      say(
        "Each AppendEntries says how far the leader has committed. All bars stand behind entry {0}, and every node has applied it.",
        entry,
      ),
      say("The same commands in the same order: so all nodes come to the same state."),
    ],
    section: "§5.3",
    focus: "ledger",
  }),
  crash: ({ first }, say) => ({
    watch: say("All is calm, until …"),
    title: say("{0} crashes", first),
    text: [
      say(
        "The leader is gone, with all that was not on its disk. Nobody tells the others: they only stop hearing from it. What it had already sent still arrives.",
      ),
      say("Look at their rings. No heartbeat will fill them again."),
    ],
    section: "§5.2",
    focus: "ring",
  }),
  secondCandidate: ({ first, second, secondTerm }, say) => ({
    watch: say("Who misses the heartbeats first?"),
    title: say("{0} stands in term {1}", second, secondTerm),
    text: [
      say(
        "{0} begins term {1} and asks for votes. The colour of a node and of a message is its term, so the new term spreads as you watch. The request to {2} reaches nobody.",
        second,
        secondTerm,
        first,
      ),
      say(
        "A request tells how far the log of the candidate goes, and who has a newer log refuses. So only a node that has every committed entry can win.",
      ),
    ],
    section: "§5.4.1",
    focus: "ring",
  }),
  secondLeader: ({ second, secondTerm, entry, size, majority }, say) => ({
    watch: say("{0} nodes are left. Are they enough?", size - 1),
    title: say("{0} leads in term {1}", second, secondTerm),
    text: [
      say(
        "{0} votes are a majority of {1}, although one node is down: it counts as a member still. With {2} of {1} nodes down, nobody could lead, and nothing would be stored.",
        majority,
        size,
        size - majority + 1,
      ),
      say("Entry {0}, which was committed, is in the log of {1}, as it had to be.", entry, second),
    ],
    section: "§5.4",
    focus: "ring",
  }),
  goesOn: ({ first, second, secondEntry, size }, say) => ({
    watch: say("Another client, another command: x=2."),
    title: say("A majority is enough, so work goes on"),
    text: [
      say(
        "Entry {0}, x=2, is committed with {1} of {2} copies. The row of {3} lacks it: what is on its disk ends earlier.",
        secondEntry,
        size - 1,
        size,
        first,
      ),
      say(
        "The entry before it is empty: {0} began its term with one of its own, because a leader counts copies of entries of its own term only.",
        second,
      ),
    ],
    section: "§5.4.2",
    focus: "ledger",
  }),
  returns: ({ first, firstTerm, secondTerm }, say) => ({
    watch: say("And the node that crashed?"),
    title: say("{0} comes back", first),
    text: [
      say(
        "It has read its disk and is a follower of term {0}: it led once, but that is not on the disk. It does not know that term {1} has begun.",
        firstTerm,
        secondTerm,
      ),
      say("The next message of the new leader tells it the term, and brings what it has missed."),
    ],
    section: "§5.5",
    focus: "ring",
  }),
  end: ({ first }, say) => ({
    watch: say("{0} catches up.", first),
    title: say("The end: that is Raft's heart"),
    text: [
      say(
        "All logs are alike again. Each term has one leader at most, elected by a majority. An entry is final once a majority has it. Two majorities share a node, so the next leader has every final entry.",
      ),
      say(
        "You have seen an election and a replication. Next: start a cluster of your own, with real sockets and files, find its leader, and crash it.",
      ),
    ],
    section: "",
    focus: null,
  }),
};
