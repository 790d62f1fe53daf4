export { AgentsService, type LossHandler } from './agents.service.js';
