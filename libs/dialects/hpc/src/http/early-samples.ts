import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Config, CONFIG, settingsOf } from '@drover/config';
import { v1LoginSettings, hpcRefusal, refusalOf } from '@drover/dialects/v1-jobs';
import { EarlyRoutes } from '@drover/http';
import { httpRequests, type Logger, LOGGER } from '@drover/telemetry';
import { hpcSettings } from '../config.js';
import { correlationId } from './audit-headers.js';
import { body } from './body-fields.js';
import { SampleIntake } from './sample-intake.js';

const ROUTE = '/v1/jobs/:id/metrics';
const PATH = /^\/v1\/jobs\/([^/?]{1,1000})\/metrics$/;
/** Larger ones are the router's. */
const MAX_BYTES = 4_096;

/** `POST /v1/jobs/{id}/metrics` of those who need no login: the answers of the route, before the router. */
@Injectable()
export class EarlySamples implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly early: EarlyRoutes,
    private readonly intake: SampleIntake,
  ) {}

  onModuleInit(): void {
    const { requireAuth } = settingsOf(this.config, v1LoginSettings);
    const { strictAudit } = settingsOf(this.config, hpcSettings);
    // Where people log in, or have to say who they are, every request goes through the guards.
    if (this.config.auth !== 'none' || requireAuth || strictAudit) return;
    this.early.add((request, response, counted) => this.take(request, response, counted));
  }

  private take(
    request: IncomingMessage,
    response: ServerResponse,
    counted: (request: IncomingMessage) => boolean,
  ): boolean {
    if (request.method !== 'POST') return false;
    const { authorization, expect, 'content-length': length } = request.headers;
    if (authorization !== undefined || expect !== undefined || length === undefined || Number(length) > MAX_BYTES)
      return false;
    const id = decoded(PATH.exec(request.url ?? '')?.[1]);
    if (id === undefined || !counted(request)) return false;
    const began = performance.now();
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => void this.answer(id, Buffer.concat(parts).toString('utf8'), request, response, began));
    // A client that goes away in the middle has sent nothing.
    request.once('error', () => response.destroy());
    return true;
  }

  private async answer(
    id: string,
    text: string,
    request: IncomingMessage,
    response: ServerResponse,
    began: number,
  ): Promise<void> {
    let status = 201;
    let headers: Record<string, string> = {};
    let reply: object;
    try {
      reply = await this.intake.take(id, body(parsed(text)));
    } catch (error) {
      ({ status, headers, body: reply } = refusalOf(error, { method: 'POST', path: request.url ?? '' }, this.log));
    }
    const content = JSON.stringify(reply);
    response.writeHead(status, {
      'X-Request-Id': randomUUID(),
      'X-Correlation-Id': correlationId(request.headers['x-correlation-id']),
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(content),
      ...headers,
    });
    response.end(content);
    httpRequests.observe(
      { method: 'POST', route: ROUTE, status: `${Math.floor(status / 100)}xx` },
      (performance.now() - began) / 1_000,
    );
  }
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw hpcRefusal('invalid_request', 'Invalid JSON body');
  }
}
