export interface ReceivedLog extends Record<string, unknown> {
  readonly message: string;
  /** When Datadog files it, epoch milliseconds. */
  readonly filedAt: number;
  readonly truncated: boolean;
}

export interface ReceivedPoint {
  readonly metric: string;
  readonly tags: readonly string[];
  readonly type: number;
  readonly timestamp: number;
  readonly value: number;
}

export interface Dropped {
  readonly kind: 'log' | 'point';
  readonly why: string;
  readonly item: unknown;
}

/** What a simulator has taken in, and what it has dropped without saying so. */
export interface Received {
  readonly logs: ReceivedLog[];
  readonly events: Record<string, unknown>[];
  readonly dropped: Dropped[];
  /** One value per metric, tags and second: the last one sent stands. */
  points(): readonly ReceivedPoint[];
  point(point: ReceivedPoint): void;
  all(): Record<string, unknown>;
  clear(): void;
}

export function createReceived(): Received {
  const points = new Map<string, ReceivedPoint>();
  const received: Received = {
    logs: [],
    events: [],
    dropped: [],
    points: () => [...points.values()],
    point(point) {
      points.set(JSON.stringify([point.metric, point.tags.toSorted(), point.timestamp]), point);
    },
    all: () => ({
      logs: received.logs,
      events: received.events,
      points: received.points(),
      dropped: received.dropped,
    }),
    clear() {
      received.logs.length = 0;
      received.events.length = 0;
      received.dropped.length = 0;
      points.clear();
    },
  };
  return received;
}
