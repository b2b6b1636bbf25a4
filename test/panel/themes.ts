import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const colours = v.object({
  contributes: v.object({
    colors: v.optional(
      v.array(v.object({ id: v.string(), defaults: v.record(v.string(), v.string()) })),
      [],
    ),
  }),
});
const manifestFile = join(import.meta.dirname, "../../package.json");
const manifest = v.parse(colours, JSON.parse(readFileSync(manifestFile, "utf8")));

/** The variables that VS Code gives to a webview in its four default themes, as far as the panel uses them. */
export type PreviewTheme = "dark" | "light" | "hc-dark" | "hc-light";

const fonts = {
  "font-family": 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
  "font-size": "13px",
  "editor-font-family": '"Droid Sans Mono", "DejaVu Sans Mono", monospace',
};

const themes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dark: {
    foreground: "#CCCCCC",
    "editor-background": "#1F1F1F",
    "editor-foreground": "#CCCCCC",
    "sideBar-background": "#181818",
    "panel-border": "#2B2B2B",
    focusBorder: "#0078D4",
    "textLink-foreground": "#4daafc",
    "badge-background": "#616161",
    "badge-foreground": "#F8F8F8",
    "button-background": "#0078D4",
    "button-foreground": "#FFFFFF",
    "button-secondaryBackground": "#313131",
    "button-secondaryForeground": "#CCCCCC",
    "toolbar-hoverBackground": "#5a5d5e50",
    "list-activeSelectionBackground": "#04395E",
    "list-activeSelectionForeground": "#FFFFFF",
    "list-hoverBackground": "#2A2D2E",
    "editorError-foreground": "#F14C4C",
    "editorWarning-foreground": "#CCA700",
    "editorWidget-background": "#202020",
    "keybindingLabel-background": "#8080802b",
    contrastBorder: "transparent",
  },
  light: {
    foreground: "#3B3B3B",
    "editor-background": "#FFFFFF",
    "editor-foreground": "#3B3B3B",
    "sideBar-background": "#F8F8F8",
    "panel-border": "#E5E5E5",
    focusBorder: "#005FB8",
    "textLink-foreground": "#005FB8",
    "badge-background": "#CCCCCC",
    "badge-foreground": "#3B3B3B",
    "button-background": "#005FB8",
    "button-foreground": "#FFFFFF",
    "button-secondaryBackground": "#E5E5E5",
    "button-secondaryForeground": "#3B3B3B",
    "toolbar-hoverBackground": "#b8b8b850",
    "list-activeSelectionBackground": "#E8E8E8",
    "list-activeSelectionForeground": "#000000",
    "list-hoverBackground": "#F2F2F2",
    "editorError-foreground": "#E51400",
    "editorWarning-foreground": "#BF8803",
    "editorWidget-background": "#F8F8F8",
    "keybindingLabel-background": "#dddddd66",
    contrastBorder: "transparent",
  },
  "hc-dark": {
    foreground: "#FFFFFF",
    "editor-background": "#000000",
    "editor-foreground": "#FFFFFF",
    "sideBar-background": "#000000",
    "panel-border": "#6FC3DF",
    focusBorder: "#F38518",
    "textLink-foreground": "#21A6FF",
    "badge-background": "#000000",
    "badge-foreground": "#FFFFFF",
    "button-background": "#000000",
    "button-foreground": "#FFFFFF",
    "button-secondaryBackground": "#000000",
    "button-secondaryForeground": "#FFFFFF",
    "toolbar-hoverBackground": "#383a49",
    "list-activeSelectionBackground": "#000000",
    "list-activeSelectionForeground": "#FFFFFF",
    "list-hoverBackground": "#000000",
    "editorError-foreground": "#F48771",
    "editorWarning-foreground": "#FFD370",
    "editorWidget-background": "#0C141F",
    "keybindingLabel-background": "#000000",
    contrastBorder: "#6FC3DF",
  },
  "hc-light": {
    foreground: "#292929",
    "editor-background": "#FFFFFF",
    "editor-foreground": "#292929",
    "sideBar-background": "#FFFFFF",
    "panel-border": "#0F4A85",
    focusBorder: "#006BBD",
    "textLink-foreground": "#0F4A85",
    "badge-background": "#0F4A85",
    "badge-foreground": "#FFFFFF",
    "button-background": "#0F4A85",
    "button-foreground": "#FFFFFF",
    "button-secondaryBackground": "#FFFFFF",
    "button-secondaryForeground": "#292929",
    "toolbar-hoverBackground": "#dddddd",
    "list-activeSelectionBackground": "#0F4A851A",
    "list-activeSelectionForeground": "#292929",
    "list-hoverBackground": "#0F4A851A",
    "editorError-foreground": "#B5200D",
    "editorWarning-foreground": "#895503",
    "editorWidget-background": "#FFFFFF",
    "keybindingLabel-background": "#FFFFFF",
    contrastBorder: "#0F4A85",
  },
};

/** Our colours, from package.json: id → theme → colour. */
const contributed: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  manifest.contributes.colors.map(({ id, defaults }) => [
    id,
    {
      dark: defaults["dark"] ?? "",
      light: defaults["light"] ?? "",
      "hc-dark": defaults["highContrast"] ?? "",
      "hc-light": defaults["highContrastLight"] ?? "",
    },
  ]),
);

/** A style sheet with them, and with the colours that our package.json contributes. */
export function themeVariables(theme: string): string {
  const own = Object.entries(contributed).map(([id, values]) => [id, values[theme] ?? ""]);
  const all = [...Object.entries({ ...fonts, ...themes[theme] }), ...own];
  const lines = all.map(
    ([name = "", value = ""]) => `--vscode-${name.replace(".", "-")}: ${value};`,
  );
  return `:root { ${lines.join(" ")} }`;
}
