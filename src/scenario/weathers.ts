import type { NodeId } from "../raft/index.ts";
import { fairWeather, type Slowness, type Weather } from "../simulator/index.ts";
import type { WeatherName } from "./scenario.ts";

/** What a name stands for. */
export interface NamedWeather {
  readonly weather: Weather;
  readonly slowness: readonly Slowness[];
}

/** Delays of 0 to 26 ms, a tenth of the requests lost, and a tenth of the replies. */
const unreliable: Weather = { ...fairWeather, delay: { min: 0, max: 26 }, loss: 0.1 };

export function weatherOf(name: WeatherName, members: readonly NodeId[]): NamedWeather {
  if (name === "calm") return { weather: fairWeather, slowness: [] };
  if (name === "unreliable") return { weather: unreliable, slowness: [] };
  // Two of three replies come so late that much has happened since.
  const late: Slowness = {
    kinds: ["RequestVoteReply", "AppendEntriesReply"],
    from: members,
    to: members,
    chance: 2 / 3,
    more: { min: 200, max: 2200 },
  };
  return { weather: unreliable, slowness: [late] };
}
