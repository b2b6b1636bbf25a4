/**
 * Takes the place of @vscode/native-watchdog, native code that ends a process whose parent has
 * gone. tools/guard.mjs sees to that here.
 */
exports.start = () => {};
exports.exit = (/** @type {number | undefined} */ code) => process.exit(code ?? 0);
