const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  412: 'FAILED_PRECONDITION',
};

/** A refusal in the form all of Google's JSON APIs share. */
export class GoogleRefusal extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  response(): Response {
    const { status: code, message, reason } = this;
    const body = { error: { code, message, status: STATUS[code], errors: [{ message, domain: 'global', reason }] } };
    return Response.json(body, { status: code });
  }
}

export function notFound(name: string): GoogleRefusal {
  return new GoogleRefusal(404, 'notFound', `The resource '${name}' was not found`);
}
