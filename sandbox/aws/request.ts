import { AwsError } from './errors.ts';

/** How a caller speaks: EC2's and the older services' forms with XML answers, JSON with a target header, or CBOR. */
export type Protocol = 'ec2' | 'query' | 'json' | 'cbor';

/** One AWS request, taken apart but not yet believed. */
export interface AwsCall {
  /** Signing name, e.g. `elasticloadbalancing` or `monitoring`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly protocol: Protocol;
  readonly accessKeyId: string;
  readonly sessionToken: string | null;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Form parameters; empty for JSON and CBOR. */
  readonly params: URLSearchParams;
  readonly headers: Headers;
}

const CREDENTIAL = /Credential=([A-Z0-9]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;
const CBOR_PATH = /\/service\/[^/]+\/operation\/([A-Za-z]+)$/;

/** Reads service, operation, region and caller from the signature's scope and the body. Signatures are not verified. */
export async function parseCall(request: Request): Promise<AwsCall> {
  const body = new Uint8Array(await request.arrayBuffer());
  const scope = CREDENTIAL.exec(request.headers.get('authorization') ?? '');
  if (!scope) throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  const [, accessKeyId = '', region = '', service = ''] = scope;
  const target = request.headers.get('x-amz-target');
  const cborOperation = CBOR_PATH.exec(new URL(request.url).pathname)?.[1];
  const isForm = !target && !cborOperation;
  const params = isForm ? formOf(request, body) : new URLSearchParams();
  const operation = cborOperation ?? target?.slice(target.lastIndexOf('.') + 1) ?? params.get('Action') ?? '';
  if (!operation) throw new AwsError('MissingAction', 'The request must contain the parameter Action');
  const protocol = cborOperation ? 'cbor' : target ? 'json' : service === 'ec2' ? 'ec2' : 'query';
  const sessionToken = request.headers.get('x-amz-security-token');
  return { service, operation, region, protocol, accessKeyId, sessionToken, body, params, headers: request.headers };
}

function formOf(request: Request, body: Uint8Array): URLSearchParams {
  if (body.byteLength > 0) return new URLSearchParams(new TextDecoder().decode(body));
  return new URL(request.url).searchParams;
}

/** `Name.1`, `Name.2`… or `Name.member.1`… or plain `Name`, in order. */
export function listParam(params: URLSearchParams, name: string): string[] {
  const plain = params.get(name);
  if (plain !== null) return [plain];
  const values: string[] = [];
  for (const infix of ['', 'member.']) {
    for (let i = 1; ; i++) {
      const value = params.get(`${name}.${infix}${i}`);
      if (value === null) break;
      values.push(value);
    }
  }
  return values;
}

export function isDryRun(call: Pick<AwsCall, 'params'>): boolean {
  return call.params.get('DryRun')?.toLowerCase() === 'true';
}

/** Whether the call changes anything. By name, as AWS names its reads. */
export function isMutation(operation: string): boolean {
  return !/^(Describe|Get|List|Search|Simulate|Lookup|AssumeRole|Decode)/.test(operation);
}
