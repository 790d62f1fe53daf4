import { AccessClientEntity } from './access-client.entity.js';
import { AccessRefreshTokenEntity } from './access-refresh-token.entity.js';
import { AccessRestrictedQueueEntity } from './access-restricted-queue.entity.js';
import { AccessSecretEntity } from './access-secret.entity.js';
import { AgentEntity } from './agent.entity.js';
import { AlarmRuleEntity } from './alarm-rule.entity.js';
import { AlarmSilenceEntity } from './alarm-silence.entity.js';
import { AlarmStateEntity } from './alarm-state.entity.js';
import { AlarmTransitionEntity } from './alarm-transition.entity.js';
import { ArtifactEntity } from './artifact.entity.js';
import { AuditEntity } from './audit.entity.js';
import { BlobGarbageEntity } from './blob-garbage.entity.js';
import { BulkActionStepEntity } from './bulk-action-step.entity.js';
import { BulkActionEntity } from './bulk-action.entity.js';
import { CounterReadingEntity } from './counter-reading.entity.js';
import { DeliveryTryEntity } from './delivery-try.entity.js';
import { DeliveryEntity } from './delivery.entity.js';
import { DispatchMarkEntity } from './dispatch-mark.entity.js';
import { EventEntity } from './event.entity.js';
import { ExecutionEntity } from './execution.entity.js';
import { ExternalRefEntity } from './external-ref.entity.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { InstanceSettingEntity } from './instance-setting.entity.js';
import { JobDependencyEntity } from './job-dependency.entity.js';
import { JobTrailEntity } from './job-trail.entity.js';
import { JobUsageEntity } from './job-usage.entity.js';
import { JobEntity } from './job.entity.js';
import { LogChunkEntity } from './log-chunk.entity.js';
import { MetricSourceEntity } from './metric-source.entity.js';
import { MetricTableEntity } from './metric-table.entity.js';
import { NodeInvitationEntity } from './node-invitation.entity.js';
import { NodeKeyEntity } from './node-key.entity.js';
import { ProfileNodeEntity } from './profile-node.entity.js';
import { ProfileEntity } from './profile.entity.js';
import { ProjectQuotaEntity } from './project-quota.entity.js';
import { ProjectUsageEntity } from './project-usage.entity.js';
import { ProxyTreeEdgeEntity } from './proxy-tree-edge.entity.js';
import { QueueReservationEntity } from './queue-reservation.entity.js';
import { QueueEntity } from './queue.entity.js';
import { SampleEntity } from './sample.entity.js';
import { ScrapeTargetEntity } from './scrape-target.entity.js';

/** One for each table of the record; dialects bring those of their own tables. */
export const ENTITIES = [
  AccessClientEntity,
  AccessRefreshTokenEntity,
  AccessRestrictedQueueEntity,
  AccessSecretEntity,
  AgentEntity,
  AlarmRuleEntity,
  AlarmSilenceEntity,
  AlarmStateEntity,
  AlarmTransitionEntity,
  ArtifactEntity,
  AuditEntity,
  BlobGarbageEntity,
  BulkActionEntity,
  BulkActionStepEntity,
  CounterReadingEntity,
  DeliveryEntity,
  DeliveryTryEntity,
  EventEntity,
  ExecutionEntity,
  ExternalRefEntity,
  IdempotencyKeyEntity,
  InstanceSettingEntity,
  JobDependencyEntity,
  JobEntity,
  JobTrailEntity,
  JobUsageEntity,
  LogChunkEntity,
  MetricSourceEntity,
  MetricTableEntity,
  DispatchMarkEntity,
  NodeInvitationEntity,
  NodeKeyEntity,
  ProfileEntity,
  ProfileNodeEntity,
  ProjectQuotaEntity,
  ProjectUsageEntity,
  ProxyTreeEdgeEntity,
  QueueEntity,
  QueueReservationEntity,
  SampleEntity,
  ScrapeTargetEntity,
];
