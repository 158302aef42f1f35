import { adfText } from './adf.ts';
import { isUncertain } from './errors.ts';
import type { Issues } from './issues.ts';
import { commentOf, markerText } from './texts.ts';

/** Adds a comment once. Watchers are mailed, so the comments are searched first, and again after a doubtful write. */
export async function addNoteOnce(
  issues: Issues,
  id: string,
  note: { marker: string; text: string },
): Promise<{ created: boolean }> {
  const mark = markerText(note.marker);
  const exists = () => issues.anyComment(id, (body) => adfText(body).endsWith(mark));
  if (await exists()) return { created: false };
  try {
    await issues.comment(id, commentOf(note.text, note.marker));
  } catch (error) {
    if (!isUncertain(error) || !(await exists())) throw error;
  }
  return { created: true };
}
