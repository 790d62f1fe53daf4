import { expect, it } from 'vitest';
import { html } from './html.js';

it('escapes whatever stands in a page, once', () => {
  const evil = `<script>alert("it's")</script>&`;
  const escaped = '&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt;&amp;';
  expect(html`<p title="${evil}">${evil}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`);
  expect(html`<ul>${[1, evil].map((one) => html`<li>${one}</li>`)}</ul>${null}${undefined}`.text).toBe(
    `<ul><li>1</li><li>${escaped}</li></ul>`,
  );
});
