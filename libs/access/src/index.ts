export { ABILITY_ABOUT } from './rights-page.js';
export { ABILITIES, abilitiesOf, can, labName, roleOf, ROLES, type Ability, type Role } from './roles.js';
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
export { type Execution } from './policy.js';
export { ClientsService, type Client, type ClientChange } from './clients.service.js';
export { LaterWork } from './later-work.js';
export { OwnerStanding } from './owner-standing.js';
export { inTheWay } from './editing.js';
export { TokenKeys } from './token-keys.js';
export { ACCESS_TOKEN_S, TokensService, type TokenProof } from './tokens.service.js';
export { SessionsService } from './sessions.service.js';
export { looksLikeNodeKey, NodesService, type InvitationTerms } from './nodes.service.js';
export { AuditService, auditClientChange, auditFromCommandLine } from './audit.service.js';
export { QueueReservationsService } from './queue-reservations.service.js';
export { ExecutionTokens } from './execution-tokens.js';
export { SubmitAdmission } from './submit-admission.js';
export { SecretsService } from './secrets.service.js';
export { RestrictedQueuesService, type RestrictedQueue } from './restricted-queues.service.js';
export { keyFileText, placeKeyFile } from './keyring/key-file.js';
export { Keyring } from './keyring/keyring.js';
export { Sealer } from './keyring/sealer.js';
