/** The file in which a cluster of ours says who its nodes are and where they live. */
export const membersFileName = "cluster.json";

/** As many as src/runtime/cluster-file.ts reads: the file never forgets who has left. */
const lengthLimit = 1024 * 1024;

/**
 * The address of each node by its name, also of those that have left: their files still stand
 * there. Empty if the text does not say. Never throws.
 */
export function readMembers(text: string): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const member of membersIn(text)) {
    if (typeof member !== "object" || member === null) continue;
    if (!("name" in member) || !("address" in member)) continue;
    const { name, address } = member;
    if (typeof name === "string" && typeof address === "string") addresses.set(name, address);
  }
  return addresses;
}

function membersIn(text: string): readonly unknown[] {
  if (text.length > lengthLimit) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("members" in value)) return [];
    const departed = "departed" in value ? value.departed : [];
    return [value.members, departed].flatMap((each): readonly unknown[] =>
      Array.isArray(each) ? each : [],
    );
  } catch {
    return [];
  }
}
