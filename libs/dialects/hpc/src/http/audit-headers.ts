import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import { hpcRefusal, type V1Request } from '@drover/dialects/v1-jobs';
import type { TrailEntry } from '@drover/domain';
import { hpcSettings } from '../config.js';

/** The author of a change, and where it came from. */
export type Author = Pick<TrailEntry, 'changed_by' | 'source' | 'correlation_id'>;

const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed().slice(0, 255);

/** The one that was given, else a new one. */
export const correlationId = (given: string | string[] | undefined): string =>
  (typeof given === 'string' ? storable(given).trim() : '') || randomUUID();

/** Reads the audit headers, and answers with the correlation id. */
@Injectable()
export class Trail {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws Refusal in strict mode, when a header is missing or blank */
  author(request: V1Request, response: Response): Author {
    const correlation_id = correlationId(request.header('x-correlation-id'));
    response.setHeader('X-Correlation-Id', correlation_id);
    return {
      changed_by: this.header(request, 'X-Changed-By') ?? (request.v1LoggedIn ? request.v1User.name : 'anonymous'),
      source: this.header(request, 'X-Source') ?? 'api',
      correlation_id,
    };
  }

  private header(request: V1Request, name: string): string | undefined {
    const value = request.header(name);
    if (settingsOf(this.config, hpcSettings).strictAudit) {
      if (value === undefined) throw hpcRefusal('invalid_request', `${name} header is required`);
      if (value.trim() === '') throw hpcRefusal('validation_error', `${name} header is required`);
    }
    return value === undefined ? undefined : storable(value).trim() || undefined;
  }
}
