/** One draw in [0, 1) and the generator that follows it (splitmix32: a counter, then a mix). */
export function draw(generator: number): { value: number; next: number } {
  const next = (generator + 0x9e3779b9) | 0;
  let mixed = Math.imul(next ^ (next >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return { value: ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32, next };
}
