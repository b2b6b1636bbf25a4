import type { Diagnostic } from "vscode-languageserver";

/**
 * Sends what is found in each file, where it is not the same as what was sent last.
 *
 * Diagnostics are pushed, not pulled. Most of what is found concerns files that are not open, and
 * only who pushes decides when, which is what keeps a file from flashing while it is rewritten.
 */
export class Publisher {
  readonly #send: (uri: string, diagnostics: Diagnostic[]) => void;
  readonly #sent = new Map<string, string>();

  constructor(send: (uri: string, diagnostics: Diagnostic[]) => void) {
    this.#send = send;
  }

  publish(uri: string, diagnostics: Diagnostic[]): void {
    const text = diagnostics.length === 0 ? undefined : JSON.stringify(diagnostics);
    if (this.#sent.get(uri) === text) return;
    if (text === undefined) this.#sent.delete(uri);
    else this.#sent.set(uri, text);
    this.#send(uri, diagnostics);
  }
}
