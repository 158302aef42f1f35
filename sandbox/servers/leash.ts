/** Written to the leash's standard input, it ends the child at once. */
export const KILL_WORD = 'KILL';

/**
 * POSIX shell that runs "$@" and ends it when standard input closes, which happens when the parent dies however it dies.
 * The child itself gets no standard input. Signals to the group reach the child directly; the shell only waits for it, so
 * that when the shell has ended the child is gone too, its ports closed.
 */
export const LEASH = `
exec 3<&0
"$@" 3<&- </dev/null &
child=$!
(
  trap '' TERM INT HUP
  read -r word <&3
  [ "$word" = ${KILL_WORD} ] || kill -TERM "$child" 2>/dev/null
  tries=0
  while [ "$word" != ${KILL_WORD} ] && kill -0 "$child" 2>/dev/null && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$child" 2>/dev/null
) >/dev/null 2>&1 &
guard=$!
trap : TERM INT HUP
code=0
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill -KILL "$guard" 2>/dev/null
exit "$code"
`;
