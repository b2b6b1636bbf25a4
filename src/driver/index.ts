export { Driver } from "./driver.ts";
export type { DriverOptions, SnapshotPolicy } from "./driver-options.ts";
export { Schedule, type Appointment } from "./schedule.ts";
export type { World } from "./world.ts";
