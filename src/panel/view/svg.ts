const namespace = "http://www.w3.org/2000/svg";

export type Attributes = Readonly<Record<string, string | number | null>>;

/** Creates an element of a picture. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(namespace, name);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** Sets attributes, those that differ only: setting one costs a new layout. Null removes it. */
export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) {
      if (element.hasAttribute(name)) element.removeAttribute(name);
      continue;
    }
    const text = typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Sets the text of an element, if it is another. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** What was set last: to read it back from a style costs more than to set it. */
const shown = new WeakMap<Element, boolean>();
const moved = new WeakMap<Element, string>();

/** Shows or hides without taking it out of the page. */
export function show(element: SVGElement | HTMLElement, isShown: boolean): void {
  if (shown.get(element) === isShown) return;
  shown.set(element, isShown);
  element.style.display = isShown ? "" : "none";
}

/** Moves an element of a picture: by its style, which costs less than the attribute. */
export function move(element: SVGElement, x: number, y: number, degrees = 0): void {
  const turn = degrees === 0 ? "" : ` rotate(${Math.round(degrees * 10) / 10}deg)`;
  const transform = `translate(${Math.round(x * 10) / 10}px, ${Math.round(y * 10) / 10}px)${turn}`;
  if (moved.get(element) === transform) return;
  moved.set(element, transform);
  element.style.transform = transform;
}

/** Elements by key: those that stay are used again, those that went are taken out. */
export class Pool<Key, Item extends { readonly element: Element }> {
  readonly #items = new Map<Key, Item>();
  readonly #parent: Element;
  readonly #create: (key: Key) => Item;

  constructor(parent: Element, create: (key: Key) => Item) {
    this.#parent = parent;
    this.#create = create;
  }

  get(key: Key): Item | undefined {
    return this.#items.get(key);
  }

  items(): Iterable<Item> {
    return this.#items.values();
  }

  /** Exactly these, each drawn; in this order only as far as they are new. */
  draw<Data>(all: Iterable<readonly [Key, Data]>, draw: (item: Item, data: Data) => void): void {
    const left = new Set(this.#items.keys());
    for (const [key, data] of all) {
      left.delete(key);
      let item = this.#items.get(key);
      if (item === undefined) {
        item = this.#create(key);
        this.#items.set(key, item);
        this.#parent.append(item.element);
      }
      draw(item, data);
    }
    for (const key of left) {
      this.#items.get(key)?.element.remove();
      this.#items.delete(key);
    }
  }
}

/** The colour of a term, which theme or user may change: six that repeat. */
export function termColour(term: number): string {
  return term === 0 ? "var(--faint)" : `var(--term${((term - 1) % 6) + 1})`;
}
