// What snapshot-writer.ts writes, and kill.test.ts reads.

export const member = { id: "n1", name: "node1", address: "127.0.0.1:8000" };
export const owner = { node: "n1", cluster: "cluster-1" };

/** The entry of an index is always the same. */
export function entryOf(index: number) {
  return { kind: "command", term: 1, command: `{"k${index % 7}": ${index}}` } as const;
}
