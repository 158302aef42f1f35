import type { GuidanceEntry, PastCase } from '../../schemas/memory.ts';
import type { PromptNote } from '../risk/prompt.ts';

/**
 * Guidance and past cases as the model is told of them: our own sentences and words of closed lists, nothing that a record
 * could have been made to say. A past case is named by its place, so that an answer can cite it and nobody can trace it.
 */
export function memoryNotes(
  memory: { readonly guidance: readonly GuidanceEntry[]; readonly cautions: readonly PastCase[] },
  most: number,
): PromptNote[] {
  return [
    ...memory.guidance.slice(0, most).map(({ id, text }) => ({ id, text })),
    ...memory.cautions.slice(0, most).map((past, at) => ({ id: `past-case-${letter(at)}`, text: pastText(past) })),
  ];
}

function pastText({ facets, action, end, rejection }: PastCase): string {
  const what = action === null ? 'No action was chosen' : `The action was ${action}`;
  const like = [
    `${facets.environment} ${facets.kind}`,
    ...(facets.size === 'unknown' || facets.size === 'not-applicable' ? [] : [`size ${facets.size}`]),
    ...(facets.age === 'unknown' ? [] : [`age ${facets.age}`]),
  ];
  return `A similar case (${like.join(', ')}). ${what}; ${END_WORDS[end]}${rejection === null ? '' : ` (${rejection})`}.`;
}

const END_WORDS: Readonly<Record<PastCase['end'], string>> = {
  remediated: 'it was carried out and verified',
  'rolled-back': 'it was undone',
  contradicted: 'the cloud contradicted it',
  'active-again': 'the asset turned out to be in use',
  'saving-contradicted': 'the bill did not show the saving',
  rejected: 'people kept the asset',
};

function letter(at: number): string {
  return String.fromCharCode(97 + (at % 26));
}
