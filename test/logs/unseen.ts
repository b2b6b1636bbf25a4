/**
 * Why the files of a cluster with a bug do not show it, by the name of the bug. Some would show what
 * it leads to, if chance let it lead there.
 */
export const unseen: Readonly<Record<string, string>> = {
  "a vote is sent before it is saved":
    "an account tells a vote before it is saved, so that one is told and gone after a crash proves nothing; it is told as information",
  "votes of an earlier term are counted":
    "whose votes a leader counted is not told, and two leaders in one term need more bad luck; votes told by all accounts could be counted",
  "a candidate counts its own vote before it is saved":
    "its account tells its vote before it is saved, too, and the vote is in the file moments later",
  "a vote is not free again in a newer term":
    "nothing wrong is written: elections fail, and terms rise without a leader, as they do where a majority is down",
  "a candidate must be more up to date than its voters":
    "nothing wrong is written: elections fail, and terms rise without a leader, as they do where a majority is down",
  "a newer term in a reply is ignored":
    "nothing wrong is written: the node learns of the term by the next request that it gets",
  "granting a vote does not put off an election of one's own":
    "nothing wrong is written: there are more elections than need be",
  "a leader's term does not start with a no-op":
    "nothing wrong is written: raftos has no no-ops at all, and entries of earlier terms commit later",
  "a heartbeat is taken whatever stands before it":
    "the node notices it by itself and stops before it writes; its account says so in words, for which there is no code",
  "a follower commits entries that its leader has not sent it":
    "the design keeps it from ever showing in a whole cluster: only a sentence of a unit test sees it",
  "a follower acknowledges all it has, not what it was sent":
    "the design keeps it from ever showing in a whole cluster: only a sentence of a unit test sees it",
  "a late acknowledgement takes back a later one":
    "the design keeps it from ever showing in a whole cluster: only a sentence of a unit test sees it",
  "a refusal leads back behind what was acknowledged":
    "nothing wrong is written: entries are sent once more than need be",
  "acknowledgements of an earlier leadership are counted":
    "an entry is known to be committed that too few logs hold; a log that lags behind looks the same while its node is at work",
  "a save counts for whatever stands at its index now (ABA)":
    "the design keeps it from ever showing in a whole cluster: only a sentence of a unit test sees it",
  "a client is told committed when its entry is appended":
    "the account says that the entry is written, but not at which index; in order, the lines before it could tell",
  "a request is answered by its index alone, after another leader's entry came there":
    "the account says that an entry of this name is written, but not which",
};
