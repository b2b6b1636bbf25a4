import { l10n } from "vscode";
import type { Copy, HowCommitted, Standing, Verdict } from "../exploration/index.ts";
import { unreachable, type LogIndex, type NodeId, type Term } from "../raft/index.ts";
import type { NameOf } from "./names.ts";

/** A sentence, and where the paper says so. */
export interface Why {
  readonly text: string;
  readonly section: string;
}

/** Why an entry is committed or not, and what would change it. */
export function whyTexts(standing: Standing, nameOf: NameOf): readonly Why[] {
  const { verdict, copies } = standing;
  const copiesTold = copies.flatMap((copy) => copyTexts(copy, nameOf));
  return [
    ...whereTexts(standing, nameOf),
    ...verdictTexts(verdict, standing, nameOf),
    ...copiesTold,
  ];
}

function whereTexts(standing: Standing, nameOf: NameOf): readonly Why[] {
  const { index, entry, copies, needed, joint } = standing;
  if (entry === null) return [];
  const holders = copies.filter(({ what }) => what.kind === "saved").map(({ node }) => node);
  const [count, all] = [holders.length, copies.length];
  const names = listed(holders, nameOf);
  if (count === 0) {
    return [
      {
        text: l10n.t("Entry {0}, of term {1}, is on no disk yet.", index, entry.term),
        section: "§5.3",
      },
    ];
  }
  if (joint !== null) return [jointText(index, entry.term, joint, names)];
  const text =
    count >= needed
      ? l10n.t(
          "Entry {0}, of term {1}, is saved on {2} of {3}, a majority: {4}.",
          index,
          entry.term,
          count,
          all,
          names,
        )
      : l10n.t(
          "Entry {0}, of term {1}, is saved on {2} of {3}, and a majority is {4}: {5}.",
          index,
          entry.term,
          count,
          all,
          needed,
          names,
        );
  return [{ text, section: "§5.3" }];
}

/** §6: while two configurations are joint a majority of each is needed. */
function jointText(
  index: LogIndex,
  term: Term,
  { incoming, outgoing }: NonNullable<Standing["joint"]>,
  names: string,
): Why {
  const text = l10n.t(
    "Entry {0}, of term {1}, is saved on {2} of {3} new members, of whom {4} are needed, and on {5} of {6} old ones, of whom {7} are: {8}.",
    index,
    term,
    incoming.held,
    incoming.of,
    incoming.needed,
    outgoing.held,
    outgoing.of,
    outgoing.needed,
    names,
  );
  return { text, section: "§6" };
}

/** What the leader of a joint configuration still waits for. */
function jointVerdict(leader: NodeId, nameOf: NameOf): readonly Why[] {
  const text = l10n.t(
    "It is not committed yet: {0} leads, and needs to hear of a majority of the new members and one of the old.",
    nameOf(leader),
  );
  return [{ text, section: "§6" }];
}

function verdictTexts(verdict: Verdict, standing: Standing, nameOf: NameOf): readonly Why[] {
  switch (verdict.kind) {
    case "committed":
      return committedTexts(verdict.knownBy, verdict.how, standing.entry?.term ?? 0, nameOf);
    case "spreading":
      if (standing.joint !== null) return jointVerdict(verdict.leader, nameOf);
      return [
        {
          text: l10n.t(
            "It is not committed: {0} leads, has {1} of the {2} copies it needs, and goes on sending.",
            nameOf(verdict.leader),
            verdict.acknowledged.length,
            standing.needed,
          ),
          section: "§5.3",
        },
      ];
    case "uncounted":
      if (standing.joint !== null) return jointVerdict(verdict.leader, nameOf);
      return [
        {
          text: l10n.t(
            "It is not committed yet: {0} leads, and has heard of {1} of the {2} copies it needs.",
            nameOf(verdict.leader),
            verdict.acknowledged.length,
            standing.needed,
          ),
          section: "§5.3",
        },
      ];
    case "olderTerm":
      return olderTermTexts(nameOf(verdict.leader), verdict, standing.entry?.term ?? 0);
    case "leaderLacks":
      return [
        {
          text: l10n.t(
            "{0} leads and has no entry {1}: what others hold there was never committed, and will be replaced.",
            nameOf(verdict.leader),
            standing.index,
          ),
          section: "§5.3",
        },
      ];
    case "noLeader":
      return [
        {
          text: l10n.t(
            "No node leads, so nobody can commit it now. The next leader may hold it, or may replace it.",
          ),
          section: "§5.2",
        },
      ];
    case "nowhere":
      return [{ text: l10n.t("No log has an entry {0}.", standing.index), section: "" }];
    default:
      return unreachable(verdict);
  }
}

function committedTexts(
  knownBy: readonly NodeId[],
  how: HowCommitted | null,
  term: Term,
  nameOf: NameOf,
): readonly Why[] {
  const known = {
    text: l10n.t("That it is committed is known to {0}.", listed(knownBy, nameOf)),
    section: "§5.3",
  };
  const lasting = {
    text: l10n.t(
      "Whoever leads after term {0} holds it: a candidate without it finds no majority of votes.",
      term,
    ),
    section: "§5.4.1",
  };
  return how === null ? [known, lasting] : [howText(how, nameOf), known, lasting];
}

function howText({ kind, by, term, index }: HowCommitted, nameOf: NameOf): Why {
  return kind === "counted"
    ? {
        text: l10n.t(
          "It is committed: {0}, leader of term {1}, counted a majority for an entry of its own term.",
          nameOf(by),
          term,
        ),
        section: "§5.3",
      }
    : {
        text: l10n.t(
          "It is committed: {0}, leader of term {1}, counted a majority for its own entry {2}, and all before that are committed with it.",
          nameOf(by),
          term,
          index,
        ),
        section: "§5.4.2",
      };
}

/** Figure 8: a majority alone does not commit what an earlier leader has made. */
function olderTermTexts(
  leader: string,
  { leaderTerm, ownEntry }: { readonly leaderTerm: Term; readonly ownEntry: LogIndex | null },
  term: Term,
): readonly Why[] {
  const rule = l10n.t(
    "It is not committed: it is of term {0}, and {1} leads term {2}. A leader counts copies of entries of its own term only.",
    term,
    leader,
    leaderTerm,
  );
  const remedy =
    ownEntry === null
      ? l10n.t("{0} has no entry of its own term yet; the first will commit this one, too.", leader)
      : l10n.t(
          "Once entry {0}, the first of term {1}, is on a majority, this one is committed with it.",
          ownEntry,
          leaderTerm,
        );
  return [rule, remedy].map((text) => ({ text, section: "§5.4.2" }));
}

function copyTexts({ node, isUp, what }: Copy, nameOf: NameOf): readonly Why[] {
  const name = nameOf(node);
  switch (what.kind) {
    case "saved":
      return [];
    case "saving":
      return [
        {
          text: isUp
            ? l10n.t("{0} is still saving it, so its copy does not count yet.", name)
            : l10n.t("{0} went down before it was saved there.", name),
          section: "§5.3",
        },
      ];
    case "conflicts":
      return [
        {
          text: l10n.t("{0} holds another entry there, of term {1}.", name, what.term),
          section: "§5.3",
        },
      ];
    case "lacks": {
      const { isComing, nextIndex } = what;
      if (!isUp) return [{ text: l10n.t("{0} lacks it, and is down.", name), section: "§5.5" }];
      if (isComing) return [{ text: l10n.t("It is on its way to {0}.", name), section: "§5.3" }];
      if (nextIndex === null) return [{ text: l10n.t("{0} lacks it.", name), section: "§5.3" }];
      return [
        {
          text: l10n.t("{0} lacks it; nextIndex for it is {1}.", name, nextIndex),
          section: "§5.3",
        },
      ];
    }
    default:
      return unreachable(what);
  }
}

function listed(nodes: readonly NodeId[], nameOf: NameOf): string {
  return nodes.map((node) => nameOf(node)).join(", ");
}
