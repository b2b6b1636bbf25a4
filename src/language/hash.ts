/**
 * A number that stands for something of any length: equal things have equal ones, and different
 * things have different ones but for one pair in about 10^15.
 *
 * It is made of two halves of 32 bits, which are put together when all is in: whole numbers of that
 * size are fast, and 53 bits are what a number holds exactly.
 */
export type Hash = number;

export const seedLow = 0x811c9dc5;
export const seedHigh = 0x5bd1e995;

export function mixLow(half: number, unit: number): number {
  return Math.imul(half ^ unit, 0x01000193);
}

export function mixHigh(half: number, unit: number): number {
  const mixed = Math.imul(half ^ unit, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

export function wholeHash(low: number, high: number): Hash {
  return (high >>> 0) * 0x20_0000 + (low >>> 11);
}
