import { ProgressLocation, window, type CancellationToken } from "vscode";

/** How long something may take before the user sees that it does. */
const shortMillis = 1000;

/** Does a task, and shows that it goes on, with a way to cancel it, once it takes long. */
export async function withProgressIfLong<Result>(
  title: string,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const cancelling = new AbortController();
  const result = task(cancelling.signal);
  if (await endsWithin(shortMillis, result)) return result;
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) => {
      token.onCancellationRequested(() => cancelling.abort());
      return result;
    },
  );
}

/** A signal that aborts when the token is cancelled. */
export function signalOf(token: CancellationToken): AbortSignal {
  const cancelling = new AbortController();
  if (token.isCancellationRequested) cancelling.abort();
  token.onCancellationRequested(() => cancelling.abort());
  return cancelling.signal;
}

function endsWithin(millis: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), millis);
    const end = () => {
      clearTimeout(timer);
      resolve(true);
    };
    work.then(end, end);
  });
}
