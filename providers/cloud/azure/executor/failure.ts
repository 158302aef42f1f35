import { type Failures, failureOfMapped } from '../../shared/executor/failure.ts';
import { azureDenied, azureErrorCode, mapAzureError } from '../errors.ts';

/** How the executor reads what Azure answers. */
export const azureFailures: Failures = {
  provider: 'azure',
  classify(error) {
    const mapped = mapAzureError(error, 'classify');
    return mapped.status === 401 ? 'expired' : failureOfMapped(mapped);
  },
  map: (error, operation) => mapAzureError(error, operation),
  code: azureErrorCode,
  denied: azureDenied,
};
