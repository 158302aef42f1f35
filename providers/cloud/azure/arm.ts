import {
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type PipelinePolicy,
  RestError,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { mapAzureError } from './errors.ts';
import { type Authority, secure } from './policies.ts';

/** What no SDK is needed for: plain reads of Azure Resource Manager. */
export interface ArmReads {
  /** `path` with its query. Throws ProviderError. */
  get(path: string, operation: string): Promise<unknown>;
  /** Every page of a list. */
  list(path: string, operation: string): Promise<readonly unknown[]>;
}

const Page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });
const MAX_PAGES = 500;

export function createArmReads(
  authority: Authority,
  { policy, httpClient: http }: { readonly policy: PipelinePolicy; readonly httpClient: HttpClient },
): ArmReads {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  pipeline.addPolicy(policy);
  secure(pipeline, authority);

  const get = async (url: string, operation: string): Promise<unknown> => {
    try {
      const request = createPipelineRequest({ url, method: 'GET', allowInsecureConnection: true });
      request.headers.set('accept', 'application/json');
      const response = await pipeline.sendRequest(http, request);
      const body = jsonOf(response.bodyAsText ?? '');
      if (response.status === 200 && body !== undefined) return body;
      throw new RestError(messageOf(body) ?? `HTTP ${response.status}`, {
        statusCode: response.status,
        request,
        response,
        code: response.status === 200 ? 'PARSE_ERROR' : (codeIn(body) ?? `Http${response.status}`),
      });
    } catch (error) {
      throw mapAzureError(error, operation);
    }
  };
  return {
    get: (path, operation) => get(authority.base + path, operation),
    async list(path, operation) {
      const rows: unknown[] = [];
      let url: string | null | undefined = authority.base + path;
      for (let page = 0; url && page < MAX_PAGES; page++) {
        const parsed = Page.safeParse(await get(url, operation));
        if (!parsed.success) throw malformed(operation, 'the answer is no page of a list: it has no value');
        rows.push(...parsed.data.value);
        url = parsed.data.nextLink;
      }
      if (url) throw malformed(operation, `still another page after ${MAX_PAGES}; gave up`);
      return rows;
    },
  };
}

const Refusal = z.object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }) });
const codeIn = (body: unknown) => Refusal.safeParse(body).data?.error.code;
const messageOf = (body: unknown) => Refusal.safeParse(body).data?.error.message;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function malformed(operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Malformed, provider: 'azure', operation, message });
}
