export { Driver, type DriverOptions } from "./driver.ts";
export { Schedule, type Appointment } from "./schedule.ts";
export type { World } from "./world.ts";
