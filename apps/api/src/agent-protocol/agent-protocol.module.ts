import { Module } from '@nestjs/common';
import { AgentProtocolController } from './agent-protocol.controller.js';
import { AgentGuard } from './agent.guard.js';
import { ControlController } from './control.controller.js';
import { EnrolmentGuard } from './enrolment.guard.js';

@Module({ controllers: [AgentProtocolController, ControlController], providers: [AgentGuard, EnrolmentGuard] })
export class AgentProtocolModule {}
