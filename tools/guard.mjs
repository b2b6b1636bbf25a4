/**
 * Runs a program and ends it, with all it started, when whoever asked for it is gone.
 *
 * The standard input is the life line: it closes when the parent lets go of it, and also when the
 * parent crashes. It is started as the head of a process group of its own: node guard.mjs PROGRAM …
 */
import { spawn } from "node:child_process";

const [program = "", ...parameters] = process.argv.slice(2);
const child = spawn(program, parameters, { stdio: ["ignore", "inherit", "inherit"] });
child.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on("exit", (code) => endGroup(code ?? 1));

process.stdin.resume();
process.stdin.on("close", () => {
  child.kill("SIGTERM");
  setTimeout(() => endGroup(1), 3000);
});

/**
 * What the program started has a moment to leave by itself; then all of the group ends.
 *
 * @param {number} code
 */
function endGroup(code) {
  process.exitCode = code;
  setTimeout(() => process.kill(-process.pid, "SIGKILL"), 600);
}
