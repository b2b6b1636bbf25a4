import * as vscode from "vscode";

export type ThemeName = "dark" | "light" | "high-contrast" | "high-contrast-light";

/** What each may be called: the first of these names that this version of VS Code knows is its id. */
const ids: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ["Light Modern", "Default Light Modern"],
  "high-contrast": ["Default High Contrast"],
  "high-contrast-light": ["Default High Contrast Light"],
  dark: ["Dark Modern", "Default Dark Modern"],
};

export const themeNames: readonly ThemeName[] = [
  "light",
  "high-contrast",
  "high-contrast-light",
  "dark",
];

/** Changes the colours of the window, and gives it a moment to wear them. */
export async function wear(theme: ThemeName): Promise<void> {
  const known = JSON.stringify(
    vscode.extensions.getExtension("vscode.theme-defaults")?.packageJSON,
  );
  const id = ids[theme].find((each) => known.includes(JSON.stringify(each)));
  if (id === undefined) throw new Error(`this VS Code has no theme ${ids[theme].join(" or ")}`);
  const settings = vscode.workspace.getConfiguration("workbench");
  await settings.update("colorTheme", id, vscode.ConfigurationTarget.Global);
  await new Promise((resolve) => setTimeout(resolve, 700));
}
