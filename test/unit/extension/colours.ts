/** How far colours stand apart, for eyes that see them all and for those that do not. */

export type Rgb = readonly [number, number, number];

export function parsed(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** WCAG 2.2, §1.4.3: from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(parsed(one)), luminance(parsed(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = linear(rgb);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(rgb: Rgb): Rgb {
  const [red, green, blue] = rgb.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red ?? 0, green ?? 0, blue ?? 0];
}

type Matrix = readonly [Rgb, Rgb, Rgb];

/** Machado, Oliveira and Fernandes 2009, severity 1, in linear RGB; and eyes that see them all. */
export const visions: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** The distance of two colours in CIE L*a*b* (1976), as seen with that vision. */
export function distance(one: string, other: string, vision: Matrix): number {
  const [a, b] = [lab(seen(parsed(one), vision)), lab(seen(parsed(other), vision))];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function seen(rgb: Rgb, matrix: Matrix): Rgb {
  const light = linear(rgb);
  const row = ([r, g, b]: Rgb) =>
    Math.min(1, Math.max(0, r * light[0] + g * light[1] + b * light[2]));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** From linear RGB with the white of D65. */
function lab([red, green, blue]: Rgb): Rgb {
  const x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047;
  const y = 0.2126729 * red + 0.7151522 * green + 0.072175 * blue;
  const z = (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883;
  const bend = (value: number) =>
    value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
  return [116 * bend(y) - 16, 500 * (bend(x) - bend(y)), 200 * (bend(y) - bend(z))];
}
