import { createHash } from 'node:crypto';
import {
  auditClientChange,
  AuditService,
  ClientsService,
  currentPrincipal,
  isReservedName,
  maxPriority,
  may,
  OwnerStanding,
  QueueReservationsService,
  RestrictedQueuesService,
  Sealer,
  SecretsService,
  TokenKeys,
  TokensService,
} from '@drover/access';
import type { Config } from '@drover/config';
import { DEFAULT_PROJECT, DroverError, LongWork, type Submission } from '@drover/domain';
import type { Core } from '../core/core.js';
import { LiveLogins } from './live-logins.js';
import { Withdrawals } from './withdrawals.js';

const TIDY_MS = 3_600_000;
/** How often jobs of revoked clients are looked for. */
const WITHDRAW_MS = 5_000;
/** Topic of the doorbell that rings for a client that was changed. */
const CLIENT_BELL = 'access.client';

/**
 * Logins that dialects have of their own: their names are no clients'. Throws `invalid` for one that would own what
 * nobody logged in for.
 */
function loginsOf({ auth, dialects: { flux, fastlane } }: Config): Set<string> {
  const names = [
    flux.user,
    ...flux.users.map(({ name }) => name),
    ...(fastlane.basicUser === null ? [] : [fastlane.basicUser]),
  ];
  const reserved = names.find(isReservedName);
  if (auth !== 'none' && reserved !== undefined) {
    throw new DroverError(
      'invalid',
      `The name ${reserved} stands for nobody who logs in; choose another one in FLUX_USER, FLUX_USERS and BASIC_AUTH_USERNAME.`,
    );
  }
  return new Set(names);
}

/** Clients, tokens, secrets and restricted queues of this installation. */
export class Access {
  readonly clients: ClientsService;
  readonly tokens: TokensService;
  readonly secrets: SecretsService;
  readonly restricted: RestrictedQueuesService;
  readonly reservations: QueueReservationsService;
  readonly audit: AuditService;
  /** What owners may have done in their absence. */
  readonly standing: OwnerStanding;
  /** Connections that stay open. */
  readonly live: LiveLogins;

  constructor(core: Core) {
    const { jwtSigningKey, jwtPreviousKeys, secretsKey } = core.config.access;
    this.clients = new ClientsService(core.store, {
      record: auditClientChange,
      ring: (id) => core.bus.publish(CLIENT_BELL, id),
    });
    const set = jwtSigningKey === null ? null : [jwtSigningKey, ...jwtPreviousKeys].map((key) => Buffer.from(key));
    this.tokens = new TokensService(
      core.store,
      this.clients,
      new TokenKeys(() => set ?? core.keys.accepted('jwt').map(({ key }) => key)),
    );
    this.live = new LiveLogins(this.tokens, core.log);
    this.secrets = new SecretsService(
      core.store,
      secretsKey === null ? core.keys.sealer('secrets') : Sealer.of(createHash('sha256').update(secretsKey).digest()),
    );
    if (secretsKey === null) core.keys.onReseal(() => this.secrets.renew());
    this.restricted = new RestrictedQueuesService(core.store);
    this.reservations = new QueueReservationsService(core.store);
    this.audit = new AuditService(core.store);
    this.standing = new OwnerStanding(core.store, loginsOf(core.config));
    core.onStart(async () => {
      this.live.start();
      const unsubscribe = await core.bus.subscribe(CLIENT_BELL, (id) => void this.live.look(id));
      core.onClose(() => void unsubscribe());
    });
    core.onClose(() => this.live.close());
    core.onTick('access-tidy', TIDY_MS, async () => {
      await this.tokens.forgetUnused();
      await this.secrets.forgetExpired();
    });
    if (core.config.auth === 'none') return;
    core.submits.admit((submissions) => this.admit(submissions));
    const withdrawals = new Withdrawals(this.standing, core.control, core.log);
    core.onTick('withdraw', WITHDRAW_MS, () => withdrawals.look());
    core.onStart(async () => {
      const withdraw = (): void =>
        void withdrawals
          .look()
          .catch((error: unknown) =>
            core.log.warn({ error: String(error) }, 'jobs of revoked clients are looked for at the next tick'),
          );
      const unsubscribe = await core.bus.subscribe(CLIENT_BELL, withdraw);
      core.onClose(() => void unsubscribe());
    });
  }

  /**
   * Queues and priorities a client may use, whichever API it submits through. Testflinger's door has said it in its own
   * words before. What schedulers submit is asked of its owner as that client stands now. Throws `forbidden`.
   */
  private async admit(submissions: readonly Submission[]): Promise<void> {
    const present = currentPrincipal();
    const pieces = new LongWork();
    for (const submission of submissions) {
      const { queue, priority = 0, dialect, project = DEFAULT_PROJECT } = submission;
      if (pieces.isDue()) await pieces.turn();
      await this.reservations.demand(queue, project);
      const owner = present === null ? await this.standing.demand(submission) : null;
      const principal = present ?? (owner && { permissions: owner });
      // Owners that are no clients here have shown their rights with the parent.
      if (principal === null || (present !== null && dialect === 'testflinger')) continue;
      const { permissions } = principal;
      if (!permissions?.allowed_queues.includes(queue) && (await this.restricted.isRestricted(queue))) {
        throw new DroverError('forbidden', `Queue ${queue} is restricted; an operator can let this client in.`, {
          queue,
        });
      }
      if (permissions && priority > 0 && !may(principal, 'operate') && priority > maxPriority(permissions, queue)) {
        throw new DroverError(
          'forbidden',
          `This client may give jobs of queue ${queue} a priority of at most ${maxPriority(permissions, queue)}.`,
          { queue, priority },
        );
      }
    }
  }
}
