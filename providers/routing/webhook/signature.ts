import { createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'idlewise-signature';
export const TIMESTAMP_HEADER = 'idlewise-timestamp';

/** `v1=<hex>`: HMAC-SHA-256 over timestamp, dot and body, so that neither can be exchanged. */
export function sign(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

export type SignatureFault = 'bad-signature' | 'stale-timestamp';

/** Null when the signature is genuine and no older or newer than `maxSkewSeconds`. */
export function signatureFault(
  request: { secret: string; timestamp: string; signature: string; body: string },
  nowMs: number,
  maxSkewSeconds = 300,
): SignatureFault | null {
  const expected = Buffer.from(sign(request.secret, request.timestamp, request.body));
  const given = Buffer.from(request.signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return 'bad-signature';
  return Math.abs(nowMs / 1000 - Number(request.timestamp)) > maxSkewSeconds ? 'stale-timestamp' : null;
}
