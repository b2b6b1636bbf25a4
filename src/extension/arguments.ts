// What commands are called with. It comes from key bindings, other extensions, the tree or nobody,
// so nothing is known of it; what is not understood counts as not given.

/** What Start is asked for; null where the user is to be asked. */
export interface StartArgument {
  readonly size: number | null;
  readonly startAnew: boolean;
}

/** What Submit is asked for; null where the user is to be asked, or where the leader is meant. */
export interface SubmitArgument {
  readonly text: string | null;
  /** Names a node, as `nodeArgument` does. */
  readonly node: string | null;
}

export function startArgument(raw: unknown): StartArgument {
  const { size, startAnew } = fieldsOf(raw);
  return { size: typeof size === "number" ? size : null, startAnew: startAnew === true };
}

/** A node by its id, name or address: given as that, as `{ node }`, or as an item of the tree. */
export function nodeArgument(raw: unknown): string | null {
  if (typeof raw === "string") return raw;
  const { node, id } = fieldsOf(raw);
  if (typeof node === "string") return node;
  return typeof id === "string" ? id : null;
}

/**
 * Text, or `{ text, node }`. An item of the tree does not name the node here: a button above the
 * tree hands over whatever item happens to have the focus.
 */
export function submitArgument(raw: unknown): SubmitArgument {
  if (typeof raw === "string") return { text: raw, node: null };
  const { text, node } = fieldsOf(raw);
  return {
    text: typeof text === "string" ? text : null,
    node: typeof node === "string" ? node : null,
  };
}

/** What Read is asked for. */
export interface ReadArgument {
  /** Null for all values; undefined where the user is to be asked. */
  readonly name: string | null | undefined;
  /** Names a node, as `nodeArgument` does; null where none is named. */
  readonly node: string | null;
}

/** A name, `{ name, node }`, or an item of the tree, which names the node. */
export function readArgument(raw: unknown): ReadArgument {
  if (typeof raw === "string") return { name: raw, node: null };
  const { name, id } = fieldsOf(raw);
  // An item of the tree has an id, and what it calls its name would be the node's.
  const isName = (typeof name === "string" || name === null) && id === undefined;
  return { name: isName ? name : undefined, node: nodeArgument(raw) };
}

/** A number, or `{ speed }`. */
export function speedArgument(raw: unknown): number | null {
  if (typeof raw === "number") return raw;
  const { speed } = fieldsOf(raw);
  return typeof speed === "number" ? speed : null;
}

/** What a node is added as, or `{ as }`. */
export function standingArgument(raw: unknown): "voter" | "learner" | null {
  const as = typeof raw === "string" ? raw : fieldsOf(raw)["as"];
  return as === "voter" || as === "learner" ? as : null;
}

/** Whether `{ isConfirmed: true }` says that the user need not be asked. */
export function isConfirmedArgument(raw: unknown): boolean {
  return fieldsOf(raw)["isConfirmed"] === true;
}

/** Whether the node is meant that is selected in the panel, as its keys say. */
export function isSelectedArgument(raw: unknown): boolean {
  return fieldsOf(raw)["selected"] === true;
}

/** The index of an entry, or `{ index }`, as the menus of the panel hand it over. Logs begin at 1. */
export function entryArgument(raw: unknown): number | null {
  const index = typeof raw === "number" ? raw : fieldsOf(raw)["index"];
  return typeof index === "number" && Number.isSafeInteger(index) && index >= 1 ? index : null;
}

/** A URI: given as text, or as VS Code gives the file on which a menu was opened. */
export function uriArgument(raw: unknown): string | null {
  if (typeof raw === "string") return raw;
  const { scheme, authority, path } = fieldsOf(raw);
  if (typeof scheme !== "string" || typeof path !== "string") return null;
  const host = typeof authority === "string" ? authority : "";
  return `${scheme}://${host}${path.split("/").map(encodeURIComponent).join("/")}`;
}

function fieldsOf(raw: unknown): Readonly<Record<string, unknown>> {
  return isObject(raw) ? raw : {};
}

function isObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === "object" && raw !== null;
}
