import { fileURLToPath } from "node:url";

/** Which folder a document belongs to, and what it is called there. */
export interface Address {
  /** The URI of the folder, without a slash at its end; what is judged together has the same. */
  readonly folder: string;
  readonly file: string;
}

/** What was never saved has no neighbours, so it is a folder of its own. */
export function addressOfDocument(uri: string): Address {
  const slash = uri.lastIndexOf("/");
  const file = decoded(uri.slice(Math.max(slash, uri.indexOf(":")) + 1));
  const isAlone = slash === -1 || uri.startsWith("untitled:");
  return { folder: isAlone ? uri : uri.slice(0, slash), file };
}

export function folderUri(uri: string): string {
  return uri.endsWith("/") ? uri.slice(0, -1) : uri;
}

export function uriIn(folder: string, file: string): string {
  return `${folder}/${encodeURIComponent(file)}`;
}

/** Where the folder is on disk; null if it is nowhere there. */
export function pathOf(folder: string): string | null {
  if (!folder.startsWith("file:")) return null;
  try {
    return fileURLToPath(`${folder}/`);
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not a character that was encoded, but a percent sign that was not.
    return text;
  }
}
