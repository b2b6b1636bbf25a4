export type { Fold, Hover, HoverPart, OutlineItem, Token, TokenKind } from "./answers.ts";
export { kindOf, looksLike, nodeOf, type FileKind } from "./file-kind.ts";
export { LabFolder } from "./lab-folder.ts";
export { membersFileName } from "./members-file.ts";
export type { Place, Position, Range } from "./place.ts";
export {
  problemLimit,
  type Problem,
  type ProblemCode,
  type RelatedPlace,
  type Severity,
} from "./problem.ts";
export { checkFolderRequest, type CheckFolderParameters, type FolderChecked } from "./requests.ts";
