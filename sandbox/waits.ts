/** Waits as `npm start` uses them: a person at a keyboard, so minutes rather than days. */
export const START_WAITS = {
  reminder: '30m',
  escalation: '2h',
  expiry: '24h',
  hold: '2m',
  rescanPoll: '2s',
  rescanDeadline: '2m',
  billingLag: '10m',
  billingDeadline: '48h',
  approvalValidFor: '24h',
  executorHeartbeat: '15s',
  executorStep: '30m',
  snooze: '1d',
  executorPoll: 250,
  startSettle: 500,
  transitionTimeout: '2m',
  snapshotTimeout: '5m',
  ticketPoll: '15s',
  freshness: '1h',
} as const;

/** The same process at the speed of a demo: seconds instead of weeks. `expiry` must outlast the scripted approver. */
export const DEMO_WAITS = {
  ...START_WAITS,
  reminder: '12s',
  escalation: '28s',
  expiry: '45s',
  hold: '3s',
  rescanPoll: '1s',
  rescanDeadline: '60s',
  billingLag: '2s',
  billingDeadline: '4m',
  ticketPoll: '5s',
} as const;

/** What building the estate takes on a machine that has nothing else to do: two cores of 2024. */
const USUAL_ESTATE_MS = 12_000;
/** What runs out on people, or on platforms that are slow because the machine is. */
const STRETCHED = ['reminder', 'escalation', 'expiry', 'rescanDeadline', 'billingDeadline'] as const;

/** The same waits on a machine that took `estateMs` to build the estate: a slow one is slow, and nobody's request expires. */
export function stretched<W extends { readonly [K in (typeof STRETCHED)[number]]: string }>(
  waits: W,
  estateMs: number,
): W {
  const factor = Math.max(1, estateMs / USUAL_ESTATE_MS);
  const longer = (wait: string) => `${Math.ceil(Number.parseInt(wait, 10) * factor)}${wait.replace(/^\d+/, '')}`;
  return { ...waits, ...Object.fromEntries(STRETCHED.map((name) => [name, longer(waits[name])])) };
}

/** The demo of several clouds and platforms at once: a rescan has ended when the slowest platform's has. */
export const BIG_DEMO_WAITS = { ...DEMO_WAITS, escalation: '60s', expiry: '90s', rescanDeadline: '4m' } as const;
