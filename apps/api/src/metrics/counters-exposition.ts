import { Injectable, type OnModuleInit } from '@nestjs/common';
import { writeExposition } from '@drover/exposition';
import { Exposition } from '@drover/http';
import { CountersService } from '@drover/metrics';

/** Counters in `/metrics`: the sum of everything beside the server's own families, and with `?job=` those of one entry. */
@Injectable()
export class CountersExposition implements OnModuleInit {
  constructor(
    private readonly counters: CountersService,
    private readonly exposition: Exposition,
  ) {}

  onModuleInit(): void {
    this.exposition.contributeLast('main', async () => {
      await this.counters.refresh();
      return (taken) => writeExposition(this.counters.mainSeries(), taken, this.counters.mainDocs());
    });
    this.exposition.ofJobs(async (job) => {
      await this.counters.refresh();
      const entry = this.counters.entry(job);
      return (
        entry && `${writeExposition(this.counters.seriesOf(entry), undefined, this.counters.groupDocs(entry))}# EOF\n`
      );
    });
  }
}
