import { InputBoxValidationSeverity, l10n } from "vscode";
import type { SpeedSet } from "./api.ts";
import { speedArgument } from "./arguments.ts";
import { askText, pickOne, type Judgement } from "./ask.ts";
import type { RunningCluster } from "./lab.ts";
import type { Refused } from "./notifications.ts";
import { performAction } from "./perform-action.ts";
import { refusalText } from "./texts.ts";

export function pauseCluster(_raw: unknown, running: RunningCluster): Promise<Refused | undefined> {
  return performAction(running, { kind: "pause" }, l10n.t("Pausing the cluster"));
}

export function resumeCluster(
  _raw: unknown,
  running: RunningCluster,
): Promise<Refused | undefined> {
  return performAction(running, { kind: "resume" }, l10n.t("Resuming the cluster"));
}

export async function setSpeed(
  raw: unknown,
  running: RunningCluster,
): Promise<SpeedSet | Refused | undefined> {
  const speed = speedArgument(raw) ?? (await chosenSpeed(running));
  if (speed === undefined) return undefined;
  const title = l10n.t("Setting the speed");
  return (await performAction(running, { kind: "setSpeed", speed }, title)) ?? { speed };
}

const usualSpeeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10];

async function chosenSpeed(running: RunningCluster): Promise<number | undefined> {
  const now = running.watch.view.speed;
  const speeds = [...new Set([...usualSpeeds, now])].toSorted((one, other) => one - other);
  const items = [
    ...speeds.map((speed) => ({
      label: l10n.t("{0} ×", speed),
      description: [
        ...(speed === 1 ? [l10n.t("as the timing says")] : []),
        ...(speed === now ? [l10n.t("now")] : []),
      ].join(", "),
      speed,
    })),
    { label: l10n.t("Another Speed…"), description: "", speed: null },
  ];
  const title = l10n.t("Set Speed");
  const placeholder = l10n.t("How fast is the time of the cluster to pass, messages included?");
  const active = items.find(({ speed }) => speed === now);
  const choice = await pickOne({ title, placeholder, items, active });
  return choice?.speed === null ? askSpeed(running) : choice?.speed;
}

async function askSpeed(running: RunningCluster): Promise<number | undefined> {
  const { slowest, fastest } = running.bundle.speedRange;
  const answer = await askText({
    title: l10n.t("Set Speed"),
    prompt: l10n.t("From {0} to {1}; 1 is the speed of the timing.", slowest, fastest),
    placeholder: "0.5",
    value: "",
    judge: (text) => judgementOf(text, running),
    button: null,
  });
  return answer === undefined ? undefined : numberIn(answer.text);
}

function judgementOf(text: string, { bundle, nameOf }: RunningCluster): Judgement {
  const { slowest, fastest } = bundle.speedRange;
  const speed = numberIn(text);
  if (speed >= slowest && speed <= fastest) return { isAcceptable: true, message: undefined };
  if (text.trim() === "") return { isAcceptable: false, message: undefined };
  const message = refusalText({ kind: "badSpeed", slowest, fastest }, nameOf);
  return { isAcceptable: false, message: { message, severity: InputBoxValidationSeverity.Error } };
}

/** NaN where there is none. A comma is what many are used to. */
function numberIn(text: string): number {
  const digits = text.trim().replace(",", ".");
  return digits === "" ? NaN : Number(digits);
}
