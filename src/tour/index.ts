export { recordTour, stopIds, type Cast, type RecordedTour, type StopId } from "./record-tour.ts";
export { stopsOf, type Say, type TourStop } from "./stops.ts";
