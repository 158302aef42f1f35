import { type Failures, failureOfMapped } from '../../shared/executor/failure.ts';
import { googleDenied, googleErrorCode, mapGoogleError } from '../errors.ts';

/** How the executor reads what Google answers. */
export const gcpFailures: Failures = {
  provider: 'gcp',
  classify(error) {
    const mapped = mapGoogleError(error, 'classify');
    return mapped.status === 401 ? 'expired' : failureOfMapped(mapped);
  },
  map: (error, operation) => mapGoogleError(error, operation),
  code: googleErrorCode,
  denied: googleDenied,
};
