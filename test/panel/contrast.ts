import type { Page } from "playwright-core";

/** A text of the page whose letters stand out too little from what lies under them. */
export interface FaintText {
  readonly text: string;
  readonly element: string;
  readonly ratio: number;
}

/**
 * Measures every visible text, those in pictures too, against what is painted under its middle, by
 * the formula of WCAG 2.2 (§1.4.3). Answers how many there are and those below `least`.
 */
export function measureContrast(
  page: Page,
  least: number,
): Promise<{
  readonly measured: number;
  readonly lowest: number;
  readonly faint: readonly FaintText[];
}> {
  return page.evaluate(measure, least);
}

/** Runs in the page, so it stands alone. */
function measure(least: number): { measured: number; lowest: number; faint: FaintText[] } {
  interface Colour {
    readonly rgb: readonly number[];
    readonly alpha: number;
  }
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (canvas === null) throw new Error("there is no canvas to read colours with");
  canvas.canvas.width = canvas.canvas.height = 1;
  const read = (css: string): Colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const over = (top: Colour, bottom: readonly number[]) =>
    top.rgb.map((part, at) => part * top.alpha + (bottom[at] ?? 0) * (1 - top.alpha));
  const light = (rgb: readonly number[]) => {
    const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const page = read(getComputedStyle(document.body).backgroundColor).rgb;
  /** What is painted at a place under an element. */
  const under = (element: Element, x: number, y: number): readonly number[] => {
    const paints: Colour[] = [];
    for (const other of document.elementsFromPoint(x, y)) {
      // Words have no ground of their own in a picture, but elements of the page have.
      if (other.tagName === "text" || (other !== element && element.contains(other))) continue;
      const style = getComputedStyle(other);
      const isShape = other instanceof SVGGeometryElement;
      const css = isShape ? style.fill : style.backgroundColor;
      if (css === "none" || css.startsWith("url(")) continue;
      const colour = read(css);
      paints.push(colour);
      if (colour.alpha === 1) break;
    }
    return paints.toReversed().reduce((below, paint) => [...over(paint, below)], [...page]);
  };
  const faint: FaintText[] = [];
  let [measured, lowest] = [0, Number.POSITIVE_INFINITY];
  for (const element of document.querySelectorAll("body *")) {
    const isText = element instanceof SVGTextElement;
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "",
    );
    if (!own || element.closest(".visually-hidden, [hidden], title, :disabled") !== null) continue;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width === 0 || box.height === 0 || style.visibility === "hidden") continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    if (!document.elementsFromPoint(x, y).some((found) => found === element) && !isText) continue;
    // What fades because it was lost, or waits behind the veil of the future, is not for reading.
    if (element.closest("[data-faded]") !== null) continue;
    const background = under(element, x, y);
    const ink = over(read(isText ? style.fill : style.color), background);
    const [one, other] = [light(ink), light(background)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    measured++;
    lowest = Math.min(lowest, ratio);
    if (ratio >= least) continue;
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`;
    faint.push({ text: (element.textContent ?? "").slice(0, 40), element: name, ratio });
  }
  return { measured, lowest, faint };
}
