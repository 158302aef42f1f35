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
export async function download(options: DownloadOptions): Promise<void> {
  const { url, file, connectTimeout = 5_000, bodyTimeout = 600_000 } = options;
  const response = await open(url, { method: 'GET', connectTimeout, bodyTimeout });
  const { host } = new URL(url);
  if (!response.ok) throw new Error(`${host} answered ${response.status}`);
  if (!response.body) throw new Error(`${host} sent an empty answer`);
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file));
}

/** Rejects within `connectTimeout` when the host cannot be reached; any answer will do. */
export async function probe(url: string, connectTimeout = 5_000): Promise<void> {
  const response = await open(url, { method: 'HEAD', connectTimeout, bodyTimeout: connectTimeout });
  await response.body?.cancel();
}

interface Limits {
  readonly method: string;
  readonly connectTimeout: number;
  readonly bodyTimeout: number;
}

async function open(url: string, { method, connectTimeout, bodyTimeout }: Limits): Promise<Response> {
  const { host } = new URL(url);
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), connectTimeout);
  try {
    const signal = AbortSignal.any([aborter.signal, AbortSignal.timeout(bodyTimeout)]);
    return await fetch(url, { method, signal, redirect: 'follow' });
  } catch (error) {
    if (aborter.signal.aborted) throw new Error(`${host} did not answer within ${connectTimeout} ms`);
    const code = (error as { cause?: { code?: string } }).cause?.code;
    throw code ? new Error(`${host} cannot be reached (${code})`) : error;
  } finally {
    clearTimeout(timer);
  }
}
