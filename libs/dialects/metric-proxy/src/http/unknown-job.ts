import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Exposition } from '@drover/http';
import { sendEnvelope } from './envelope.js';

/** `/metrics?job=` with an id that no entry has is answered in the words of the metric proxy. */
@Injectable()
export class UnknownJobAnswer implements OnModuleInit {
  constructor(private readonly exposition: Exposition) {}

  onModuleInit(): void {
    this.exposition.answerUnknownJob((job, response) => sendEnvelope(response, `No such jobid ${job}`, false));
  }
}
