import { register } from "node:module";

/**
 * Stands in for the module `vscode`, which exists in VS Code only, with the little that tests need.
 * To be called before a dynamic import of a file that imports `vscode`.
 */
export function standInForVscode(): void {
  register(dataUrl(hooks));
}

const vscode = `
  export const l10n = {
    t(message, ...values) {
      return message.replace(/\\{(\\d+)\\}/g, (_, index) => {
        if (!(index in values)) throw new Error("no value for {" + index + "} in " + message);
        return String(values[index]);
      });
    },
  };
  // Named by files that tests load, and used by none of what they call.
  export const commands = {}, languages = {}, window = {}, workspace = {}, Uri = {};
  export const InputBoxValidationSeverity = {}, ProgressLocation = {};
  export class Range {}
  export class ThemeColor {}
  export class ThemeIcon {}
  export const LogLevel = { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 };
  export class EventEmitter {
    #listeners = new Set();
    event = (listener) => {
      this.#listeners.add(listener);
      return { dispose: () => this.#listeners.delete(listener) };
    };
    fire(value) {
      for (const listener of this.#listeners) listener(value);
    }
    dispose() {
      this.#listeners.clear();
    }
  }
`;

const hooks = `
  export async function resolve(specifier, context, nextResolve) {
    if (specifier !== "vscode") return nextResolve(specifier, context);
    return { url: ${JSON.stringify(dataUrl(vscode))}, shortCircuit: true };
  }
`;

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
