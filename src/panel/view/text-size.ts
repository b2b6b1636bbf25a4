/** Sets the size of a text, if it is another. The style sheet's size would win over an attribute. */
export function textSize(element: SVGTextElement, pixels: number): void {
  const size = `${Math.round(pixels * 10) / 10}px`;
  if (element.style.fontSize !== size) element.style.fontSize = size;
}

const context = document.createElement("canvas").getContext("2d");
const widths = new Map<string, number>();
/** Texts are few, but some hold numbers. */
const mostWidths = 2000;

/** How wide a text is, without a layout: `font` is a weight and a size, `mono` for the editor's. */
export function textWidth(text: string, font: string): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size > mostWidths) widths.clear();
  const width = context === null ? text.length * 7 : measured(context, text, font);
  widths.set(key, width);
  return width;
}

function measured(canvas: CanvasRenderingContext2D, text: string, font: string): number {
  const isMono = font.endsWith(" mono");
  const style = getComputedStyle(document.documentElement);
  const family = style.getPropertyValue(
    isMono ? "--vscode-editor-font-family" : "--vscode-font-family",
  );
  canvas.font = `${font.replace(" mono", "")} ${family.trim() || (isMono ? "monospace" : "sans-serif")}`;
  return canvas.measureText(text).width;
}
