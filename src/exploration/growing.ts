/** A list that grows at its end and is forgotten from its start; places in it keep their number. */
export class Growing<Item> {
  readonly #items: Item[] = [];
  #forgotten = 0;

  /** One past the number of the newest. */
  get end(): number {
    return this.#forgotten + this.#items.length;
  }

  /** Those that are not forgotten. The list goes on changing. */
  get items(): readonly Item[] {
    return this.#items;
  }

  get newest(): Item | undefined {
    return this.#items.at(-1);
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Those with the number `from` and after. */
  since(from: number): readonly Item[] {
    return this.#items.slice(Math.max(from - this.#forgotten, 0));
  }

  forgetFirst(count: number): void {
    if (count <= 0) return;
    // In place: a copy would have to be copied again when it next grows.
    this.#items.splice(0, count);
    this.#forgotten += count;
  }
}

/** How many of the items, which are in order, come before the first that `isAfter`. */
export function placeOf<Item>(items: readonly Item[], isAfter: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && isAfter(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
