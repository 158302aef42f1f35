import { z } from 'zod';
import { OpenAiModel } from '../providers/model/section.ts';
import { MODEL_VENDORS } from '../providers/model/vendors.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

/** Who is asked for an opinion on the risk: the section `model`. */
export const Model = z
  .strictObject({ vendor: nameOf(MODEL_VENDORS), ...OpenAiModel.shape, ...sectionsOf(MODEL_VENDORS) })
  .superRefine(chosenIn('model', MODEL_VENDORS));
