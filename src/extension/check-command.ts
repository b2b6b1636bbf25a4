import { l10n } from "vscode";
import type { Checked } from "./api.ts";
import type { RunningCluster } from "./lab.ts";
import { notify, offerOutput } from "./notifications.ts";
import { inNames } from "./output.ts";
import type { Parts } from "./parts.ts";
import { withProgressIfLong } from "./progress.ts";
import { differenceText, nodesText } from "./texts.ts";
import { writeFinding } from "./write-finding.ts";

/** Compares all files with the truth and with each other, and tells it with what the checks say. */
export async function checkCluster(
  _raw: unknown,
  { cluster, watch, nameOf }: RunningCluster,
  { channel }: Parts,
): Promise<Checked | undefined> {
  const comparing = l10n.t("Comparing the files of {0}", nodesText(cluster.members.length));
  const differences = await withProgressIfLong(comparing, async (signal) => {
    try {
      return await cluster.compareFiles(signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  });
  if (differences === undefined) return undefined;
  const { findings, eventCount: events } = watch;
  for (const finding of findings) writeFinding(channel, finding, nameOf);
  const told = differences.map(({ node, file, difference }) => {
    return { node, file, text: differenceText(difference, nameOf) };
  });
  for (const { node, file, text } of told) {
    channel.error(l10n.t("{0}: {1} {2}", nameOf(node), file, text));
  }
  const files = nodesText(cluster.members.length);
  if (findings.length === 0 && differences.length === 0) {
    const text = l10n.t("{0} events without a finding; the files of {1} agree.", events, files);
    channel.info(text);
    notify("information", text, []);
  } else {
    const text = l10n.t(
      "The cluster is not as it should be. Findings of the checks: {0}. Differences between files: {1}.",
      findings.length,
      differences.length,
    );
    notify("error", text, [offerOutput()]);
  }
  return {
    findings: findings.map(({ check, text }) => ({ check, text: inNames(text, nameOf) })),
    differences: told,
    events,
  };
}
