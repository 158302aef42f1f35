/** A form request as moto gets it: account and region chosen by us, not by the caller's keys. */
export interface MotoCall {
  readonly accountId: string;
  readonly region: string;
  readonly service: string;
  readonly body: string;
}

export interface MotoAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

export interface Moto {
  reset(): Promise<void>;
  read(call: MotoCall): Promise<MotoAnswer>;
  /**
   * Seeds moto's random source first, so that the ids it makes up depend on `seed` alone. Runs with nothing else in
   * flight: a read between the two steps could draw from the same source.
   */
  change(call: MotoCall, seed: number): Promise<MotoAnswer>;
}

const FIRST_LOOKS = [
  ['ec2', 'DescribeVpcs', '2016-11-15'],
  ['elasticloadbalancing', 'DescribeLoadBalancers', '2015-12-01'],
  ['autoscaling', 'DescribeAutoScalingGroups', '2011-01-01'],
  ['iam', 'ListRoles', '2010-05-08'],
] as const;

export function createMoto(url: string): Moto {
  const lock = createLock();
  const post = async (call: MotoCall): Promise<MotoAnswer> => {
    const answer = await fetch(`${url}/`, {
      method: 'POST',
      body: call.body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-moto-account-id': call.accountId,
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAIDLEWISEPROXY001/20260101/${call.region}/${call.service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
    });
    return {
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? 'text/xml',
      text: await answer.text(),
    };
  };
  const admin = async (path: string) => {
    const answer = await fetch(`${url}/moto-api/${path}`, { method: 'POST' });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`moto refused ${path} with ${answer.status}`);
  };
  const awake = new Set<string>();
  // The first look at a service in an account and region makes its default resources, which draws from the random source.
  const wake = async ({ accountId, region }: MotoCall) => {
    for (const [service, Action, Version] of FIRST_LOOKS) {
      await post({ accountId, region, service, body: `Action=${Action}&Version=${Version}` });
    }
  };
  return {
    reset: () => lock.alone(() => admin('reset')),
    read: (call) => lock.shared(() => post(call)),
    change: (call, seed) =>
      lock.alone(async () => {
        const place = `${call.accountId}/${call.region}`;
        if (!awake.has(place)) await wake(call);
        awake.add(place);
        await admin(`seed?a=${seed}`);
        return post(call);
      }),
  };
}

/** Many readers or one writer, in order of arrival. */
function createLock() {
  let writes: Promise<unknown> = Promise.resolve();
  const reads = new Set<Promise<unknown>>();
  return {
    async shared<T>(work: () => Promise<T>): Promise<T> {
      for (let seen: Promise<unknown> | null = null; seen !== writes; ) {
        seen = writes;
        await seen.catch(() => undefined);
      }
      const running = work();
      reads.add(running);
      try {
        return await running;
      } finally {
        reads.delete(running);
      }
    },
    alone<T>(work: () => Promise<T>): Promise<T> {
      const before = writes;
      const turn = (async () => {
        await before.catch(() => undefined);
        await Promise.allSettled([...reads]);
        return work();
      })();
      writes = turn;
      return turn;
    },
  };
}
