/** An answer in the form of Azure Resource Manager. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, more: { message: string; headers?: Readonly<Record<string, string>> }) {
    super(more.message);
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
  }

  response(): Response {
    const body = JSON.stringify({ error: { code: this.code, message: this.message } });
    const headers = { 'content-type': 'application/json; charset=utf-8', ...this.headers };
    return new Response(body, { status: this.status, headers });
  }
}

export function badRequest(message: string): ArmError {
  return new ArmError(400, 'BadRequest', { message });
}
