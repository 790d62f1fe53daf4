import { createHash } from 'node:crypto';
import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  auditClientChange,
  AuditService,
  ClientsService,
  ExecutionTokens,
  Keyring,
  NodesService,
  OwnerStanding,
  QueueReservationsService,
  RestrictedQueuesService,
  Sealer,
  SecretsService,
  SessionsService,
  SubmitAdmission,
  TokenKeys,
  TokensService,
} from '@drover/access';
import { BUS, type Bus } from '@drover/bus';
import { CONFIG, type Config } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { AccessGuard, Door, LiveLogins, Logins, Withdrawals, RateLimiter, RateGuard } from '@drover/http';
import { ControlService, PeriodicWork, SubmitService } from '@drover/jobs';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { otherLogins } from './other-logins.js';

/** Dialects that judge in their own words, before they submit, what a client may do. */
const ADMITTING: ReadonlySet<string> = new Set(DIALECTS.filter(({ admits }) => admits).map(({ name }) => name));

const TIDY_MS = 3_600_000;
/** How often jobs of revoked clients are looked for. */
const WITHDRAW_MS = 5_000;
/** Topic of the doorbell that rings for a client that was changed. */
const CLIENT_BELL = 'access.client';
/** Rings with the id of an agent whose registration was ended. */
export const REVOKED_BELL = 'access.revoked';

function clientsOf(store: Store, bus: Bus): ClientsService {
  return new ClientsService(store, { record: auditClientChange, ring: (id) => bus.publish(CLIENT_BELL, id) });
}

function tokensOf(store: Store, clients: ClientsService, keys: Keyring, { access }: Config): TokensService {
  const { jwtSigningKey, jwtPreviousKeys } = access;
  const set = jwtSigningKey === null ? null : [jwtSigningKey, ...jwtPreviousKeys].map((key) => Buffer.from(key));
  return new TokensService(store, clients, new TokenKeys(() => set ?? keys.accepted('jwt').map(({ key }) => key)));
}

function secretsOf(store: Store, keys: Keyring, { access: { secretsKey } }: Config): SecretsService {
  const sealer =
    secretsKey === null ? keys.sealer('secrets') : Sealer.of(createHash('sha256').update(secretsKey).digest());
  const secrets = new SecretsService(store, sealer);
  if (secretsKey === null) keys.onReseal(() => secrets.renew());
  return secrets;
}

const services = [
  { provide: ClientsService, inject: [Store, BUS], useFactory: clientsOf },
  { provide: TokensService, inject: [Store, ClientsService, Keyring, CONFIG], useFactory: tokensOf },
  { provide: SecretsService, inject: [Store, Keyring, CONFIG], useFactory: secretsOf },
  {
    provide: RestrictedQueuesService,
    inject: [Store],
    useFactory: (store: Store) => new RestrictedQueuesService(store),
  },
  {
    provide: QueueReservationsService,
    inject: [Store],
    useFactory: (store: Store) => new QueueReservationsService(store),
  },
  {
    provide: NodesService,
    inject: [Store, BUS],
    useFactory: (store: Store, bus: Bus) => new NodesService(store, (id) => bus.publish(REVOKED_BELL, id)),
  },
  { provide: AuditService, inject: [Store], useFactory: (store: Store) => new AuditService(store) },
  {
    provide: OwnerStanding,
    inject: [Store, CONFIG],
    useFactory: (store: Store, config: Config) => new OwnerStanding(store, new Set(otherLogins(config))),
  },
  {
    provide: ExecutionTokens,
    inject: [Keyring, Store],
    useFactory: (keys: Keyring, store: Store) => new ExecutionTokens(keys, store),
  },
  {
    provide: SessionsService,
    inject: [Store, ClientsService, BUS],
    useFactory: (store: Store, clients: ClientsService, bus: Bus) =>
      new SessionsService(store, clients, (id) => bus.publish(CLIENT_BELL, id)),
  },
  {
    provide: LiveLogins,
    inject: [TokensService, LOGGER],
    useFactory: (tokens: TokensService, log: Logger) => new LiveLogins(tokens, log),
  },
  {
    provide: Logins,
    inject: [CONFIG, TokensService, ExecutionTokens, LiveLogins, SessionsService, Door],
    useFactory: (
      config: Config,
      tokens: TokensService,
      executions: ExecutionTokens,
      live: LiveLogins,
      sessions: SessionsService,
      door: Door,
    ) => new Logins(config, tokens, executions, live, sessions, door),
  },
];

const internals = [
  {
    provide: RateLimiter,
    inject: [CONFIG],
    useFactory: ({ limits }: Config) => new RateLimiter(limits.requestsPerS, limits.burst),
  },
  {
    provide: SubmitAdmission,
    inject: [QueueReservationsService, RestrictedQueuesService, OwnerStanding],
    useFactory: (
      reservations: QueueReservationsService,
      restricted: RestrictedQueuesService,
      standing: OwnerStanding,
    ) => new SubmitAdmission(reservations, restricted, standing, ADMITTING),
  },
  {
    provide: Withdrawals,
    inject: [OwnerStanding, ControlService, LOGGER],
    useFactory: (standing: OwnerStanding, control: ControlService, log: Logger) =>
      new Withdrawals(standing, control, log),
  },
  // Every request is counted before anything is asked about its rights.
  { provide: APP_GUARD, useClass: RateGuard },
  { provide: APP_GUARD, useClass: AccessGuard },
];

/** Clients, their rights, and the guards that ask for them, for every API. */
@Global()
@Module({
  providers: [...services, ...internals],
  exports: services.map(({ provide }) => provide),
})
export class AccessModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly tokens: TokensService,
    private readonly secrets: SecretsService,
    private readonly nodes: NodesService,
    private readonly live: LiveLogins,
    private readonly admission: SubmitAdmission,
    private readonly withdrawals: Withdrawals,
    private readonly submits: SubmitService,
    private readonly work: PeriodicWork,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    const { tokens, secrets, nodes, live, work } = this;
    work.every('access-tidy', TIDY_MS, async () => {
      await tokens.forgetUnused();
      await secrets.forgetExpired();
      await nodes.forgetOld();
    });
    work.whenStarted(() => {
      live.start();
      return this.atEachChange((id) => void live.look(id));
    });
    if (this.config.auth !== 'none') this.holdToRights();
  }

  onApplicationShutdown(): void {
    this.live.close();
  }

  /** Where people log in: what is submitted is held to its client's rights, and what revoked clients leave is cancelled. */
  private holdToRights(): void {
    const { admission, withdrawals, submits, work, log } = this;
    submits.admit((submissions) => admission.admit(submissions));
    work.every('withdraw', WITHDRAW_MS, () => withdrawals.look());
    const withdraw = (): void =>
      void withdrawals
        .look()
        .catch((error: unknown) =>
          log.warn({ error: String(error) }, 'jobs of revoked clients are looked for at the next tick'),
        );
    work.whenStarted(() => this.atEachChange(withdraw));
  }

  private async atEachChange(listener: (clientId: string) => void): Promise<() => void> {
    const unsubscribe = await this.bus.subscribe(CLIENT_BELL, listener);
    return () => void unsubscribe();
  }
}
