export { drawClimate, type Climate, type Storm } from "./climate.ts";
export { FaultCounter, faultNames, noFaults, type FaultCounts } from "./fault-counts.ts";
export { runSeed, type SeedReport } from "./run-seed.ts";
