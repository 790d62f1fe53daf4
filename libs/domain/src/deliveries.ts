/** How something is told to somebody outside. */
export const DELIVERY_KINDS = ['webhook', 'mail'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** The states of a delivery. Only a pending one is tried. */
export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'dropped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
