export { ABILITIES, atLeast, can, isAcross, labName, roleOf, ROLES, type Ability, type Role } from './roles.js';
export {
  ANONYMOUS,
  ANONYMOUS_OWNER,
  FREE_RESERVATION_S,
  isReservedName,
  may,
  maxPriority,
  maxReservation,
  mayServe,
  ownerOf,
  type Permissions,
  type Principal,
} from './principal.js';
export {
  asSystem,
  becomes,
  currentCaller,
  currentPrincipal,
  opensToAll,
  requestCallers,
  runAs,
  serveRequest,
  type Arrival,
} from './context.js';
export { callerOf, openCaller, type Execution } from './policy.js';
export {
  ClientsService,
  MIN_KEY_LENGTH,
  type Client,
  type ClientChange,
  type ClientChanged,
  type ClientHooks,
  type PutOptions,
} from './clients.service.js';
export { OwnerStanding, type Orphan } from './owner-standing.js';
export { inTheWay, type Edit, type Editor } from './editing.js';
export { TokenKeys, type TokenKey } from './token-keys.js';
export { ACCESS_TOKEN_S, REFRESH_TOKEN_S, TokensService, type TokenFault, type TokenProof } from './tokens.service.js';
export { AUDIT_PAGE, AuditService, auditClientChange, auditFromCommandLine } from './audit.service.js';
export { QueueReservationsService } from './queue-reservations.service.js';
export { SecretsService } from './secrets.service.js';
export { RestrictedQueuesService, type RestrictedQueue } from './restricted-queues.service.js';
export { SECURITY_PARTS, withGeneratedParts, type GeneratedPart } from './rights-page.js';
export { Keyring, KEEP_S, SPREAD_S, type DerivedKey, type KeyFacts, type KeyringOptions } from './keyring/keyring.js';
export { Sealer } from './keyring/sealer.js';
