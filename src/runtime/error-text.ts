/** What an error of the system says, without the stack. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
