import { Global, Module } from '@nestjs/common';
import { requestCallers } from '@drover/access';
import { BLOBS, type BlobStore } from '@drover/blobs';
import { CONFIG, type Config } from '@drover/config';
import { ArtifactIntake, ExecutionArtifacts, QuotasService } from '@drover/quotas';
import { Store } from '@drover/store';

/** Provides the quotas of projects, and the stored objects that count in them. */
@Global()
@Module({
  providers: [
    {
      provide: QuotasService,
      inject: [Store, CONFIG],
      useFactory: (store: Store, { quotas }: Config) => new QuotasService(store, quotas, requestCallers),
    },
    {
      provide: ArtifactIntake,
      inject: [Store, BLOBS, QuotasService],
      useFactory: (store: Store, blobs: BlobStore, quotas: QuotasService) => new ArtifactIntake(store, blobs, quotas),
    },
    {
      provide: ExecutionArtifacts,
      inject: [Store, BLOBS, ArtifactIntake],
      useFactory: (store: Store, blobs: BlobStore, intake: ArtifactIntake) =>
        new ExecutionArtifacts(store, blobs, intake),
    },
  ],
  exports: [QuotasService, ArtifactIntake, ExecutionArtifacts],
})
export class QuotasModule {}
