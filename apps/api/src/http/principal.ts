import type { Request } from 'express';

/** Who sent a request, as its guard found out. */
export interface Principal {
  /** Name of the client. */
  name: string;
}

/** Whom a job belongs to. Without a login everybody is the same person. */
export function ownerOf(request: Request & { principal?: Principal }): string {
  return request.principal?.name ?? 'anonymous';
}
