export { decodePanelRequest } from "./decode-request.ts";
export * from "./protocol.ts";
