import {
  commands,
  DiagnosticSeverity,
  Disposable,
  languages,
  window,
  type ExtensionContext,
} from "vscode";
import type { Lab } from "./lab.ts";
import { walkthroughId } from "./manifest.ts";
import type { Parts } from "./parts.ts";
import type { TourGuide } from "./tour-guide.ts";
import { Walkthrough } from "./walkthrough.ts";

/** What the language server calls itself. */
const source = "Raft Lab";

/** Tells VS Code which steps of the walkthrough are done. */
export function followWalkthrough(lab: Lab, tours: TourGuide): Disposable {
  const walkthrough = new Walkthrough((key) => {
    void commands.executeCommand("setContext", key, true);
  });
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
    languages.onDidChangeDiagnostics(({ uris }) => {
      const found = uris.flatMap((uri) => languages.getDiagnostics(uri));
      const isOurs = found.some(
        (each) => each.source === source && each.severity <= DiagnosticSeverity.Warning,
      );
      if (isOurs) walkthrough.foundProblem();
    }),
  );
}

/** Opens the walkthrough. */
export async function openWalkthrough(_raw: unknown, { extension }: Parts): Promise<void> {
  await commands.executeCommand("workbench.action.openWalkthrough", nameIn(extension), false);
}

/** VS Code knows a walkthrough by its extension, too. */
function nameIn({ extension }: ExtensionContext): string {
  return `${extension.id}#${walkthroughId}`;
}
