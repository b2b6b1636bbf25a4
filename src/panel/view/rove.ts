/**
 * One stop for the tabulator key among many elements; arrows go from one to the next. Those of the
 * selector's first part come first. Keys that are used here go no further, so that VS Code does not
 * take them for its own.
 */
export function rove(
  within: Element,
  selector: string,
  onFocus: (element: Element) => void = () => {},
): void {
  within.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || !(event.target instanceof Element)) return;
    const here = event.target.closest(selector);
    if (here === null) return;
    if (event.key === "Enter" || event.key === " ") {
      used(event);
      here.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      return;
    }
    const next = stepFrom(event.key);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = selector
      .split(", ")
      .flatMap((each) => [...within.querySelectorAll(each)])
      .filter(isFocusable)
      .filter(isShown);
    const at = all.findIndex((element) => element === here);
    const target = all.at(next === "first" ? 0 : next === "last" ? -1 : (at + next) % all.length);
    if (target === undefined) return;
    used(event);
    for (const element of all) element.setAttribute("tabindex", element === target ? "0" : "-1");
    target.focus();
  });
  within.addEventListener("focusin", ({ target }) => {
    const element = target instanceof Element ? target.closest(selector) : null;
    if (element !== null) onFocus(element);
  });
}

function stepFrom(key: string): 1 | -1 | "first" | "last" | null {
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return 1;
    case "ArrowLeft":
    case "ArrowUp":
      return -1;
    case "Home":
      return "first";
    case "End":
      return "last";
    default:
      return null;
  }
}

function isShown({ style }: SVGElement | HTMLElement): boolean {
  return style.display !== "none";
}

function isFocusable(element: Element): element is SVGElement | HTMLElement {
  return element instanceof SVGElement || element instanceof HTMLElement;
}

export function used(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
