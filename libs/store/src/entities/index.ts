import { AgentEntity } from './agent.entity.js';
import { ArtifactEntity } from './artifact.entity.js';
import { InstanceSettingEntity } from './instance-setting.entity.js';
import { QueueEntity } from './queue.entity.js';

export const ENTITIES = [AgentEntity, ArtifactEntity, InstanceSettingEntity, QueueEntity];
