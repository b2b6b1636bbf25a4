import {
  ConfigurationTarget,
  l10n,
  languages,
  Range,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type TextDocument,
} from "vscode";
import { looksLike } from "../language/index.ts";
import { unreachable } from "../raft/index.ts";
import { isDetection, settingDefaults, type Detection } from "./manifest.ts";

/** What the user has said of single files, by their URIs: in the state of the workspace. */
const memoryKey = "raftLab.detectedLogs";
const mostRemembered = 500;

type Answer = "yes" | "no";

/**
 * Logs of nodes that have names of no use, as `.log` and `.txt` files: told by what is in them, if
 * the user says so.
 *
 * Only a document that is in front of the user is looked at, and only one that VS Code has found no
 * language of its own for. What the user has said in `files.associations` is never overruled.
 */
export class LogDetection implements Disposable {
  readonly #extension: ExtensionContext;
  readonly #watching: readonly Disposable[];
  /** Asked about, and not to be asked again while this window is open. */
  readonly #asked = new Set<string>();
  /** Taken for logs by us, and open. */
  readonly #taken = new Set<string>();

  constructor(extension: ExtensionContext) {
    this.#extension = extension;
    this.#watching = [
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined) void this.#look(editor.document);
      }),
      workspace.onDidCloseTextDocument((document) => void this.#seeClosed(document)),
    ];
    const { activeTextEditor } = window;
    if (activeTextEditor !== undefined) void this.#look(activeTextEditor.document);
  }

  dispose(): void {
    for (const each of this.#watching) each.dispose();
  }

  /** Takes the document for what it looks like, or for a log. The user has said so. */
  async treat(document: TextDocument): Promise<void> {
    await this.#remember(document, "yes");
    await this.#take(document, languageOf(document) ?? "raft-log");
  }

  async #look(document: TextDocument): Promise<void> {
    const detection = currentDetection(document);
    if (detection === "never" || !isUnclaimed(document)) return;
    const answer = this.#answers[document.uri.toString()];
    if (answer === "no") return;
    const language = languageOf(document);
    if (language === undefined || isAssociated(document)) return;
    if (answer === "yes" || detection === "always") {
      await this.#take(document, language);
    } else await this.#ask(document, language);
  }

  async #ask(document: TextDocument, language: string): Promise<void> {
    const key = document.uri.toString();
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const name = workspace.asRelativePath(document.uri);
    const answers = {
      yes: l10n.t("Yes"),
      always: l10n.t("Always"),
      no: l10n.t("Not This File"),
      never: l10n.t("Never"),
    };
    const text = l10n.t("{0} looks like the log of a Raft node. Open it as one?", name);
    const chosen = await window.showInformationMessage(text, ...Object.values(answers));
    if (chosen === answers.no) await this.#remember(document, "no");
    if (chosen === answers.never) await setDetection("never");
    if (chosen === answers.always) await setDetection("always");
    if (chosen === answers.yes) await this.#remember(document, "yes");
    const isWanted = chosen === answers.yes || chosen === answers.always;
    if (isWanted && !document.isClosed) await this.#take(document, language);
  }

  async #take(document: TextDocument, language: string): Promise<void> {
    await languages.setTextDocumentLanguage(document, language);
    this.#taken.add(document.uri.toString());
  }

  /**
   * A document that gets another language is closed and opened by VS Code in one go. If the user
   * has taken our choice back in that way, it is not made again.
   */
  async #seeClosed({ uri }: TextDocument): Promise<void> {
    if (!this.#taken.delete(uri.toString())) return;
    await Promise.resolve();
    const now = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (now !== undefined && isUnclaimed(now)) await this.#remember(now, "no");
  }

  get #answers(): Readonly<Record<string, unknown>> {
    const kept: unknown = this.#extension.workspaceState.get(memoryKey);
    return typeof kept === "object" && kept !== null ? { ...kept } : {};
  }

  async #remember({ uri }: TextDocument, answer: Answer): Promise<void> {
    const others = Object.entries(this.#answers).filter(([key]) => key !== uri.toString());
    const kept = [...others, [uri.toString(), answer] as const].slice(-mostRemembered);
    await this.#extension.workspaceState.update(memoryKey, Object.fromEntries(kept));
  }
}

function currentDetection({ uri }: TextDocument): Detection {
  const value: unknown = workspace.getConfiguration("raftLab", uri).get("detectLogs");
  return isDetection(value) ? value : settingDefaults["raftLab.detectLogs"];
}

async function setDetection(detection: Detection): Promise<void> {
  await workspace
    .getConfiguration("raftLab")
    .update("detectLogs", detection, ConfigurationTarget.Global);
}

/** Whether VS Code knows nothing better of it than that it is a log or a text. */
function isUnclaimed({ languageId, fileName, uri }: TextDocument): boolean {
  return (
    uri.scheme === "file" &&
    (languageId === "log" || languageId === "plaintext") &&
    /\.(?:log|txt)$/i.test(fileName)
  );
}

const linesLookedAt = 100;
const charactersLookedAt = 20_000;

function languageOf(document: TextDocument): string | undefined {
  const start = document.getText(new Range(0, 0, linesLookedAt, 0)).slice(0, charactersLookedAt);
  const likeness = looksLike(start);
  switch (likeness) {
    case "log":
      return "raft-log";
    case "account":
      return "raft-account";
    case null:
      return undefined;
    default:
      return unreachable(likeness);
  }
}

/** Whether the user has said what files of this name are. Patterns without a `/` are for names. */
function isAssociated(document: TextDocument): boolean {
  const associations: unknown = workspace
    .getConfiguration("files", document.uri)
    .get("associations");
  const patterns = Object.keys(Object(associations));
  return patterns.some((pattern) => {
    const whole = pattern.includes("/") ? pattern : `**/${pattern}`;
    return languages.match({ pattern: whole }, document) > 0;
  });
}
