import type { Protocol } from './request.ts';

/** A refusal in the service's own words. Rendered in the protocol the caller speaks. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

export function renderError(
  error: AwsError,
  protocol: Protocol,
  encodeCbor: (v: unknown) => Uint8Array<ArrayBuffer>,
): Response {
  const { code, message, status } = error;
  switch (protocol) {
    case 'ec2':
      return xml(
        status,
        `<Response><Errors><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></Errors><RequestID>${REQUEST_ID}</RequestID></Response>`,
      );
    case 'query':
      return xml(
        status,
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`,
      );
    case 'json':
      return new Response(JSON.stringify({ __type: code, Message: message, message }), {
        status,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-query-error': `${code};Sender` },
      });
    case 'cbor':
      return new Response(encodeCbor({ __type: code, message }), {
        status,
        headers: {
          'content-type': 'application/cbor',
          'smithy-protocol': 'rpc-v2-cbor',
          'x-amzn-query-error': `${code};Sender`,
        },
      });
  }
}

export function xml(status: number, body: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
  });
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** EC2 says it one way, the other services another. */
export function accessDenied(caller: string, action: string, resource: string, because: string): AwsError {
  const who = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} because ${because}`;
  if (!action.startsWith('ec2:')) return new AwsError('AccessDenied', who, 403);
  return new AwsError(
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. ${who}. Encoded authorization failure message: sandbox`,
    403,
  );
}
