/**
 * `node bench/peers/trial.ts CONTENDER IN_FLIGHT COUNT`: one measurement, in a process of its own,
 * so that no library pays for what another has left in memory or on the clock. Prints JSON.
 */
import { agree, commandsOf, whatIsWrong } from "./agree.ts";
import { contenders, type ContenderName } from "./contender.ts";
import { startWatch } from "./stopwatch.ts";

export interface Trial {
  /** Entries a second, from the first proposal until every node has applied the last command. */
  readonly rate: number;
  /** Entries for a second of the processor, which others on the machine disturb less. */
  readonly cpuRate: number;
  /** What is wrong with the result; null if nothing is. */
  readonly wrong: string | null;
  /** Why there is no result at all; null if there is one. */
  readonly failure: string | null;
}

// Of the processor's time: on a busy machine the compiler needs as much of it as ever.
const warmUpMillis = 1_200;
/** The fast ones agree on `count` several times, each time with new nodes, for at least so long. */
const leastMillis = 500;

const [name = "", inFlightText, countText] = process.argv.slice(2);
if (!isContender(name)) throw new Error(`there is no ${name}`);
const [inFlight, count] = [Number(inFlightText), Number(countText)];
await run(name, count / 5, warmUpMillis).catch(failed);
const trial = await run(name, count, leastMillis).catch(failed);
console.log(JSON.stringify(trial));
// A library may have left timers behind.
process.exit(0);

async function run(of: ContenderName, entries: number, cpuMillis: number): Promise<Trial> {
  const commands = commandsOf(entries);
  const total = { millis: 0, cpuMillis: 0, entries: 0 };
  while (total.cpuMillis < cpuMillis) {
    const contender = await contenders[of]();
    const taken = startWatch();
    await agree(contender, commands, inFlight);
    await contender.settle(entries);
    const now = taken();
    total.millis += now.millis;
    total.cpuMillis += now.cpuMillis;
    total.entries += entries;
    const wrong = whatIsWrong(contender, commands);
    if (wrong !== null) return { rate: 0, cpuRate: 0, wrong, failure: null };
  }
  const thousands = total.entries * 1000;
  const rates = { rate: thousands / total.millis, cpuRate: thousands / total.cpuMillis };
  return { ...rates, wrong: null, failure: null };
}

function failed(why: unknown): Trial {
  const failure = why instanceof Error ? why.message : String(why);
  return { rate: 0, cpuRate: 0, wrong: null, failure };
}

function isContender(text: string): text is ContenderName {
  return Object.hasOwn(contenders, text);
}
