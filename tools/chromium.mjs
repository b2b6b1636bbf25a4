import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cleanEnvironment, runQuietly, timed } from "./npm.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** What fontconfig calls a spacing where all letters have the same. */
const fixedWidth = "100";

const applications = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Finds a Chromium to be the window of VS Code in tests, or installs one where that is allowed.
 *
 * @returns {Promise<string>} the path of its executable
 */
export async function prepareChromium() {
  const missing = [
    ...(findChromium() === undefined ? ["chromium"] : []),
    ...(hasFonts() ? [] : ["fonts-dejavu-core"]),
  ];
  if (missing.length > 0 && mayInstall()) await install(missing);

  const found = findChromium();
  if (found !== undefined) return found;
  throw new Error(
    "The tests in VS Code need Chromium, and there is none. Install it (on Debian and Ubuntu:\n" +
      "  sudo apt-get install chromium\n" +
      "), or name the executable of a Chromium or Chrome in RAFT_LAB_CHROMIUM.",
  );
}

function findChromium() {
  const given = process.env["RAFT_LAB_CHROMIUM"];
  if (given !== undefined && given !== "") {
    if (existsSync(given)) return given;
    throw new Error(`RAFT_LAB_CHROMIUM names ${given}, which does not exist`);
  }
  const folders = ["/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...applications]
    .filter((path) => path.startsWith("/"))
    .find((path) => existsSync(path));
}

/**
 * Whether code and text can be shown. Only Linux comes without fonts for them; there, what stands in
 * for a missing font of fixed width may be one that is not.
 */
function hasFonts() {
  if (process.platform !== "linux") return true;
  const asked = spawnSync("fc-match", ["--format=%{spacing}", "monospace"], { encoding: "utf8" });
  return asked.stdout === fixedWidth;
}

function mayInstall() {
  return process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
}

/** @param {readonly string[]} packages */
async function install(packages) {
  const env = { ...cleanEnvironment(), DEBIAN_FRONTEND: "noninteractive" };
  const patient = ["-o", "DPkg::Lock::Timeout=120"];
  await timed(`Installing ${packages.join(" and ")}`, async () => {
    await runQuietly("apt-get", [...patient, "update"], { env });
    const parameters = ["install", "-y", "--no-install-recommends", ...packages];
    await runQuietly("apt-get", [...patient, ...parameters], { env });
  });
}
