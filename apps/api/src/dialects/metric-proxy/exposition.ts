import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { writeExposition } from '@drover/exposition';
import { CountersService } from '@drover/metrics';
import { Exposition } from '../../ops/exposition.js';
import { sendEnvelope, sendText } from './envelope.js';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** `/metrics` shows the sum of everything beside the server's own families, `/metrics/?job=` one entry. */
@Injectable()
export class CountersExposition implements OnModuleInit {
  constructor(
    @Inject(CountersService) private readonly counters: CountersService,
    @Inject(Exposition) private readonly exposition: Exposition,
  ) {}

  onModuleInit(): void {
    this.exposition.contributeLast('main', async () => {
      await this.counters.refresh();
      return (taken) => writeExposition(this.counters.mainSeries(), taken, this.counters.mainDocs());
    });
    this.exposition.ownJobParameter(async (job, response) => {
      await this.counters.refresh();
      const entry = this.counters.entry(job);
      if (entry) sendText(response, `${writeExposition(this.counters.seriesOf(entry), undefined, this.counters.groupDocs(entry))}# EOF\n`, TYPE);
      else sendEnvelope(response, `No such jobid ${job}`, false);
      return true;
    });
  }
}
