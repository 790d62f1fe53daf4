/** How something is told to somebody outside. */
export const DELIVERY_KINDS = ['webhook', 'mail'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** The form of what a webhook sends. json: the message itself. cloudevents: a CloudEvent 1.0 that has it as its data. */
export const WEBHOOK_FORMATS = ['json', 'cloudevents'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** The states of a delivery. Only a pending one is tried. */
export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'dropped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
