/**
 * One line per stream inside this process. The database settles races between processes; among our own writers a
 * queue is cheaper than losing and retrying.
 */
export function createQueues(): { run<T>(stream: string, work: () => Promise<T>): Promise<T> } {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(stream, work) {
      const turn = (tails.get(stream) ?? Promise.resolve()).then(work, work);
      tails.set(stream, turn);
      const leave = () => {
        if (tails.get(stream) === turn) tails.delete(stream);
      };
      turn.then(leave, leave);
      return turn;
    },
  };
}
