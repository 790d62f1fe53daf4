export { NotificationsService, DELIVER, idOf, type NotificationParts, type NewMail } from './notifications.service.js';
export { signatureOf } from './signature.js';
export type { Said, Writer } from './ports.js';
export type { Delivery, DeliveryTry, NewDelivery } from '@drover/store';
