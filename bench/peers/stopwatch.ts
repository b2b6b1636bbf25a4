/** Milliseconds taken since the start: by the clock, and of the processor by this process. */
export interface Taken {
  readonly millis: number;
  readonly cpuMillis: number;
}

export function startWatch(): () => Taken {
  const start = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { millis: performance.now() - start, cpuMillis: (user + system) / 1000 };
  };
}
