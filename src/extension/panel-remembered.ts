/** A part of the picture as the panel was last told it. */
export class Remembered<Value> {
  #told: string | undefined;

  /** The value, which the panel is told now. */
  tell(value: Value): Value {
    this.#told = JSON.stringify(value);
    return value;
  }

  /** Whether the value is another than the panel was told. It is told of it then. */
  isNews(value: Value): boolean {
    const text = JSON.stringify(value);
    const isNews = text !== this.#told;
    this.#told = text;
    return isNews;
  }
}
