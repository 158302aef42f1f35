import type { ModelPort } from '../../ports/model.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { vendorsOf } from '../vendor.ts';
import { OpenAiModel } from './section.ts';

const { vendor, vendorAt } = vendorsOf<{ readonly secrets: SecretsPort }, ModelPort>();

/** Every model there is, by its name in `model.vendor`. */
export const MODEL_VENDORS = {
  openai: vendorAt('model', OpenAiModel, async (config, parts) =>
    (await import('./openai.ts')).createOpenAiModel({ ...parts, config }),
  ),
  none: vendor(null, async () => (await import('./none.ts')).createNoModel()),
};
