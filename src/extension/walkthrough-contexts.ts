import {
  commands,
  DiagnosticSeverity,
  Disposable,
  languages,
  window,
  type ExtensionContext,
  type Tab,
} from "vscode";
import type { Lab } from "./lab.ts";
import { walkthroughId } from "./manifest.ts";
import type { Parts } from "./parts.ts";
import type { TourGuide } from "./tour-guide.ts";
import { Walkthrough } from "./walkthrough.ts";

/** What the language server calls itself. */
const source = "Raft Lab";

/** How long VS Code has to read the walkthrough once its page is there, in milliseconds. */
const timeToRead = 1000;

/**
 * Tells VS Code which steps of the walkthrough are done.
 *
 * VS Code reads a walkthrough when one is first opened, and a step whose key is true by then is
 * never ticked off (seen in 1.100 and 1.139: such a key counts as already told). So a key is true
 * for a moment only, and the moments are repeated when a page of that kind comes into sight.
 */
export function followWalkthrough(lab: Lab, tours: TourGuide): Disposable {
  const walkthrough = new Walkthrough((key) => {
    void commands.executeCommand("setContext", key, true);
    void commands.executeCommand("setContext", key, false);
  });
  let later: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    walkthrough.see(window.visibleTextEditors.map(({ document }) => document.languageId));
  };
  return Disposable.from(
    lab.onDidHappen(({ what }) => {
      walkthrough.take(what);
      if (what.kind === "answered") look();
    }),
    tours.onDidEnd(() => walkthrough.tourEnded()),
    window.onDidChangeVisibleTextEditors(look),
    window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
      if (![...opened, ...changed].some(mayBeWalkthrough)) return;
      clearTimeout(later);
      later = setTimeout(() => walkthrough.tellAgain(), timeToRead);
    }),
    new Disposable(() => clearTimeout(later)),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const found = uris.flatMap((uri) => languages.getDiagnostics(uri));
      const isOurs = found.some(
        (each) => each.source === source && each.severity <= DiagnosticSeverity.Warning,
      );
      if (isOurs) walkthrough.foundProblem();
    }),
  );
}

/** VS Code's own pages, the one with the walkthroughs among them, are tabs of no kind. */
function mayBeWalkthrough({ input, isActive }: Tab): boolean {
  return isActive && input === undefined;
}

/** Opens the walkthrough. */
export async function openWalkthrough(_raw: unknown, { extension }: Parts): Promise<void> {
  await commands.executeCommand("workbench.action.openWalkthrough", nameIn(extension), false);
}

/** VS Code knows a walkthrough by its extension, too. */
function nameIn({ extension }: ExtensionContext): string {
  return `${extension.id}#${walkthroughId}`;
}
