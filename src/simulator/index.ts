export { Chance, type Range } from "./chance.ts";
export type { Slowness } from "./network.ts";
export { Simulator, type SimulatorOptions } from "./simulator.ts";
export type { SnapshotOptions } from "./simulated-node.ts";
export { fairWeather, type Weather } from "./weather.ts";
