import type { Html, Page } from '@drover/http';

const NAV = [
  ['/jobs', 'Jobs'],
  ['/jobs/submit', 'Submit'],
  ['/docs', 'API'],
  ['/page/about', 'About'],
] as const;

/** A page of the portal; `sendPage` sends it. */
export const page = (title: string, content: Html): Page => ({ title, nav: NAV, content, forms: true });
