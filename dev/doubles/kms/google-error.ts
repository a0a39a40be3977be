/** Errors as Google's JSON APIs send them. */
const httpOf = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  INTERNAL: 500,
} as const;

export class GoogleError extends Error {
  constructor(
    readonly status: keyof typeof httpOf,
    message: string,
  ) {
    super(message);
  }

  toResponse(): Response {
    const code = httpOf[this.status];
    return Response.json({ error: { code, message: this.message, status: this.status } }, { status: code });
  }
}
