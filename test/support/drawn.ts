/** What `npm run check` sets, so that it takes less than a minute. */
const isQuick = process.env["RAFT_LAB_TESTS"] === "quick";

/**
 * How many seeds, or how many random cases, a test looks at: so many, and at every commit the first
 * quarter of them. For tests that take long and find at once what is wrong almost everywhere.
 */
export function drawn(count: number): number {
  return isQuick ? Math.ceil(count / 4) : count;
}
