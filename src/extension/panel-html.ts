/** Where the page finds its parts; all of them URIs of the webview. */
export interface PanelPage {
  readonly script: string;
  readonly styles: readonly string[];
  /** What the webview may load styles, fonts and pictures from. */
  readonly source: string;
  /** Drawn for this page alone: only a script with it runs. */
  readonly nonce: string;
  readonly title: string;
  /** As in `<html lang>`. */
  readonly language: string;
}

/** The page of the panel. Nothing is inline, and nothing but our own files may be loaded. */
export function panelHtml({ script, styles, source, nonce, title, language }: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    `img-src ${source}`,
    // These do not fall back to the default.
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const links = styles.map((style) => `<link rel="stylesheet" href="${escaped(style)}">`);
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${links.join("\n")}
<title>${escaped(title)}</title>
</head>
<body>
<script type="module" nonce="${escaped(nonce)}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
