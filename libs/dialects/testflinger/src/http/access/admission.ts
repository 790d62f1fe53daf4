import { Inject, Injectable } from '@nestjs/common';
import {
  FREE_RESERVATION_S,
  maxPriority,
  maxReservation,
  mayServe,
  type Permissions,
  type Principal,
  QueueReservationsService,
  RestrictedQueuesService,
  SecretsService,
} from '@drover/access';
import { type Config, CONFIG } from '@drover/config';
import { LabAgents } from '../../core/agents.js';
import { LabError, validationError } from '../lab-error.js';
import type { JobDocument } from '../schema/job-document.js';

/** Checks the permissions that a submit needs, before anything is stored. */
@Injectable()
export class Admission {
  constructor(
    private readonly restricted: RestrictedQueuesService,
    private readonly reservations: QueueReservationsService,
    private readonly secrets: SecretsService,
    private readonly agents: LabAgents,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Throws 401 without a login, 403 without the right, 422. */
  async check(document: JobDocument, principal: Principal): Promise<void> {
    await this.checkAgents(document);
    const { permissions } = principal;
    const queue = document.job_queue;
    const priority = document.job_priority ?? 0;
    if (priority !== 0) {
      const granted = loggedIn(permissions, `setting priority: ${priority}`);
      if (priority > maxPriority(granted, queue))
        throw new LabError(403, `Not enough permissions to push to ${queue} with priority ${priority}`);
    }
    if (await this.restricted.isRestricted(queue)) {
      const granted = loggedIn(permissions, `push to restricted queue: ${queue}`, 'to ');
      if (!granted.allowed_queues.includes(queue))
        throw new LabError(403, `Not enough permissions to push to the restricted queue ${queue}`);
    }
    const timeout = document.reserve_data?.timeout ?? 0;
    if (timeout > FREE_RESERVATION_S) {
      const granted = loggedIn(permissions, `setting timeout: ${timeout}`);
      if (timeout > maxReservation(granted, queue))
        throw new LabError(403, `Not enough permissions to reserve ${queue} for ${timeout} seconds`);
    }
    await this.checkSecrets(document, permissions);
  }

  /** An agent may only touch jobs of queues it may serve. Throws 403. */
  checkServes(principal: Principal, queue: string): void {
    if (this.config.auth === 'none' || principal.permissions?.role !== 'agent') return;
    if (!mayServe(principal.permissions, queue)) throw new LabError(403, `This agent may not serve the queue ${queue}`);
  }

  /**
   * An agent serves a queue that is kept for projects as a member of one of them, or where an operator has named the
   * queue. Throws 403.
   */
  async checkReserved(principal: Principal, queue: string): Promise<void> {
    const { permissions } = principal;
    if (this.config.auth === 'none' || permissions?.role !== 'agent' || permissions.allowed_queues.includes(queue))
      return;
    const projects = await this.reservations.of(queue);
    if (projects.length > 0 && !projects.includes(permissions.project))
      throw new LabError(403, `This agent may not serve the queue ${queue}`);
  }

  /**
   * An agent speaks for queues that it may serve, and for no others: their descriptions, their images, that it serves
   * them. Throws 403.
   */
  async checkOffers(principal: Principal, queues: readonly string[]): Promise<void> {
    for (const queue of queues) {
      this.checkServes(principal, queue);
      await this.checkReserved(principal, queue);
    }
  }

  /** The clients print the message alone. */
  private async checkAgents({ exclude_agents = [], job_queue }: JobDocument): Promise<void> {
    if (exclude_agents.length === 0) return;
    const agents = await this.agents.ofQueue(job_queue);
    if (agents.every((agent) => exclude_agents.includes(agent.name))) {
      throw new LabError(422, 'There are no agents on the specified queue that are allowed to run this job');
    }
  }

  private async checkSecrets(document: JobDocument, permissions: Permissions | null): Promise<void> {
    const secrets = document.test_data?.['secrets'] as Record<string, string> | undefined;
    if (secrets === undefined || Object.keys(secrets).length === 0) return;
    if (!permissions || permissions.client_id === '')
      throw validationError({ test_data: { secrets: ['Authentication required to use secrets.'] } });
    const missing = await this.secrets.missing(permissions.client_id, [...new Set(Object.values(secrets))]);
    if (missing.length > 0)
      throw validationError({ test_data: { secrets: [`Inaccessible secret paths: ${missing.join(', ')}`] } });
  }
}

function loggedIn(permissions: Permissions | null, what: string, joint = 'for '): Permissions {
  if (!permissions) throw new LabError(401, `Authentication required ${joint}${what}`);
  return permissions;
}
