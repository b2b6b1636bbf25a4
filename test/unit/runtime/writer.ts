/**
 * A process that runs a cluster in the folder it is given and submits for ever, 32 at a time. Prints
 * a line for each command that was acknowledged. It is made to be killed: see kill.test.ts.
 */
import { writeSync } from "node:fs";
import { openCluster } from "../../../src/runtime/index.ts";

const [folder = ""] = process.argv.slice(2);
const run = `${process.pid}`;
const inFlight = 32;
let count = 0;

const cluster = await openCluster({
  folder,
  size: 3,
  startAnew: false,
  preset: "paper",
  snapshotAfter: { entries: 40 },
  signal: new AbortController().signal,
  listener(event) {
    if (event.kind === "answered" && event.answer.kind === "committed") {
      // At once, so that whatever is printed was acknowledged, and all of it is printed.
      writeSync(1, `${event.answer.index} ${event.action}\n`);
      submit();
    } else if (
      event.kind === "refused" ||
      (event.kind === "answered" && event.answer.kind !== "committed")
    ) {
      setTimeout(submit, 20);
    }
  },
});

function submit(): void {
  const id = `${run}-${count++}`;
  cluster.act(id, { kind: "submit", node: null, command: `{"id": "${id}"}` });
}

for (let i = 0; i < inFlight; i++) submit();
