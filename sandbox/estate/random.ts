/** FNV-1a over UTF-16 code units: a stable 32-bit handle for a name. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** A number in [0, 1) that depends on its arguments alone, so that any hour can be asked for in any order. */
export function noise(key: number, index: number, salt = 0): number {
  let h = Math.imul(key ^ Math.imul(index + 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35) ^ Math.imul(salt + 1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

/** Key of one named thing under one seed. */
export function keyOf(seed: number, name: string): number {
  return hashText(`${seed}/${name}`);
}

/** `length` hexadecimal digits fixed by the key. */
export function hexOf(key: number, length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++)
    text += Math.floor(noise(key, i, 77) * 4294967296)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, length);
}
