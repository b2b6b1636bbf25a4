/** What the terminal shares with the language server: how the files of a lab are found and read. */
export { labFilesIn, mostFiles, readLabFile, type LabFile, type LabFiles } from "./lab-files.ts";
export { noticeCodes, noticeText, type Notice } from "./notice.ts";
export { messageOf, visible } from "./texts.ts";
