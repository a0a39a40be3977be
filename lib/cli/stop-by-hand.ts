/** Ctrl-C on long work: the first one ends it after what was read is durable, the second at once. */

/** Listens until `forget`. */
export function stopByHand(): { stopping: AbortSignal; forget: () => void } {
  const stop = new AbortController();
  const ask = () => {
    process.stderr.write('\nStopping; what was read is kept, a repeat goes on from there.\n');
    stop.abort();
  };
  process.once('SIGINT', ask);
  process.once('SIGTERM', ask);
  const forget = () => {
    process.off('SIGINT', ask);
    process.off('SIGTERM', ask);
  };
  return { stopping: stop.signal, forget };
}
