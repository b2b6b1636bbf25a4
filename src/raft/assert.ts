/** Thrown when the program contradicts itself. Only a Driver catches it: that node stops. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Checks what must be true for the next line to make sense. */
export function invariant(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new InvariantViolation(claim);
}

/** Closes a switch over a union: a new member makes this call a compile error. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unhandled case ${JSON.stringify(value)}`);
}
