import { MODEL_QUESTIONS, MODEL_REASON_CODES } from '../risk/model-vocabulary.ts';

/** Reasons that guidance and past cases may name: those of the model, and what only a memory can know. */
export const MEMORY_REASON_CODES: readonly string[] = [
  ...MODEL_REASON_CODES,
  'similar-case-rejected',
  'similar-case-active-again',
  'similar-saving-not-billed',
  'legal-hold-possible',
];

/** Questions by code; the wording is ours. */
export const MEMORY_QUESTIONS: Readonly<Record<string, string>> = {
  ...MODEL_QUESTIONS,
  'does-the-old-reason-hold': 'A similar asset was kept when people were asked: does the same reason hold here?',
  'what-went-wrong-before': 'A similar change had to be undone: is what went wrong then ruled out now?',
  'is-it-under-legal-hold': 'Is it, or the data on it, under a legal or audit hold?',
  'has-the-restore-been-tried': 'Has anybody restored from such a snapshot before?',
  'is-the-address-on-an-allow-list': 'Does a partner, a firewall or a DNS record still name this address?',
  'is-it-managed-by-code': 'Will the tool that created it create it again?',
};

export const MEMORY_QUESTION_CODES: readonly string[] = Object.keys(MEMORY_QUESTIONS);
