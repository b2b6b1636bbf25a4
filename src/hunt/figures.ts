/** Figures that a command found, by name; written as its last line and, when asked, as JSON. */
export type Figures = Readonly<Record<string, number | string>>;

/** `name=value name=value …` */
export function figuresLine(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
