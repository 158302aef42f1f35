import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

export interface DownloadOptions {
  readonly url: string;
  readonly file: string;
  /** Until the answer begins, in milliseconds: short, so that a machine without network moves on. @default 5_000 */
  readonly connectTimeout?: number;
  /** For the whole body, in milliseconds. @default 600_000 */
  readonly bodyTimeout?: number;
}

/** @throws Error naming the host and the reason. */
export async function download({ url, file, connectTimeout, bodyTimeout = 600_000 }: DownloadOptions): Promise<void> {
  const response = await open(url, 'GET', { connectTimeout, bodyTimeout });
  if (!response.body) throw new Error(`${new URL(url).host} sent an empty answer`);
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file));
}

/** Rejects within `connectTimeout` when the host cannot be reached. */
export async function probe(url: string, connectTimeout = 5_000): Promise<void> {
  const response = await open(url, 'HEAD', { connectTimeout, bodyTimeout: connectTimeout }, true);
  await response.body?.cancel();
}

async function open(
  url: string,
  method: string,
  limits: { connectTimeout: number | undefined; bodyTimeout: number },
  anyStatus = false,
): Promise<Response> {
  const host = new URL(url).host;
  const connectTimeout = limits.connectTimeout ?? 5_000;
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), connectTimeout);
  try {
    const signal = AbortSignal.any([aborter.signal, AbortSignal.timeout(limits.bodyTimeout)]);
    const response = await fetch(url, { method, signal, redirect: 'follow' });
    if (!response.ok && !anyStatus) throw new Error(`${host} answered ${response.status}`);
    return response;
  } catch (error) {
    if (aborter.signal.aborted) throw new Error(`${host} did not answer within ${connectTimeout} ms`);
    const cause = (error as { cause?: { code?: string } }).cause?.code;
    throw cause ? new Error(`${host} cannot be reached (${cause})`) : error;
  } finally {
    clearTimeout(timer);
  }
}
