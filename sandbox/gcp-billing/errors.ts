/** An answer in the form of the BigQuery API. */
export class BigQueryError extends Error {
  readonly code: number;
  readonly status: string;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.status = STATUS[code] ?? 'UNKNOWN';
  }

  response(): Response {
    const { code, message, status, reason } = this;
    const body = { error: { code, message, status, errors: [{ message, domain: 'global', reason }] } };
    return Response.json(body, { status: code });
  }
}

const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
};

export function invalidQuery(message: string): BigQueryError {
  return new BigQueryError(400, 'invalidQuery', message);
}
