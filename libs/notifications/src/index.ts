export { NotificationsService, DELIVER, idOf } from './notifications.service.js';
export type { Said, Writer } from './ports.js';
export type { Delivery, DeliveryTry } from '@drover/store';
