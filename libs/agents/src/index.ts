export { AgentsService } from './agents.service.js';
