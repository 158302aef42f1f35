/** A refusal in the form of Azure Resource Manager. */
export class ArmRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  response(): Response {
    return Response.json({ error: { code: this.code, message: this.message } }, { status: this.status });
  }
}

export function notFound(id: string): ArmRefusal {
  return new ArmRefusal(404, 'ResourceNotFound', `The Resource '${id}' was not found.`);
}
