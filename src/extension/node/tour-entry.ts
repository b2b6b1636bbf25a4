/** Entry of the bundle that is loaded when the guided tour is first started. */
export { openTour } from "../open-tour.ts";
export { PanelSession } from "../panel-session.ts";
export { Tour } from "../tour.ts";
