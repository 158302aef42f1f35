/** How the model behaves; set with `POST /__sim/mode`. All but `normal` are misbehaviours seen of models and servers. */
export const MODES = [
  'normal',
  'evil',
  'refusal',
  'truncated',
  'invalid-json',
  'invalid-json-once',
  'invented-evidence',
  'html',
  'huge',
  'timeout',
  '429-rate',
  '429-quota',
  'unauthorised',
  'server-error',
  'no-usage',
  'obey-injection',
] as const;
export type Mode = (typeof MODES)[number];

export function isMode(value: unknown): value is Mode {
  return MODES.includes(value as Mode);
}
