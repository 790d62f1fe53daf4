import { createHash } from 'node:crypto';
import { ClientsService, RestrictedQueuesService, SecretsService, TokensService } from '@drover/access';
import type { Core } from '../core/core.js';

const TIDY_MS = 3_600_000;

/** Clients, tokens, secrets and restricted queues of this installation. */
export class Access {
  readonly clients: ClientsService;
  readonly tokens: TokensService;
  readonly secrets: SecretsService;
  readonly restricted: RestrictedQueuesService;

  constructor(core: Core) {
    const { jwtSigningKey, secretsKey } = core.config.access;
    this.clients = new ClientsService(core.store);
    this.tokens = new TokensService(core.store, this.clients, jwtSigningKey === null ? core.derivedKey('jwt') : Buffer.from(jwtSigningKey));
    this.secrets = new SecretsService(core.store, secretsKey === null ? core.derivedKey('secrets') : createHash('sha256').update(secretsKey).digest());
    this.restricted = new RestrictedQueuesService(core.store);
    core.onTick('access-tidy', TIDY_MS, async () => {
      await this.tokens.forgetUnused();
      await this.secrets.forgetExpired();
    });
  }
}
