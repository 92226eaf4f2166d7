import assert from 'node:assert/strict';
import { metricsPage } from '../../../src/extension/metricsPanel/metricsPage.ts';
import type { MetricsTexts } from '../../../src/protocol/metricsTexts.ts';

const texts = { title: 'Said "so" & <b>' } as MetricsTexts;
const parts = { scriptUri: 'https://host/main.js', styleUri: 'https://host/main.css', cspSource: 'https://host', language: 'en', texts };

/** The directives of the page's policy by name. */
function policyOf(page: string): Map<string, string> {
  const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  return new Map(content.split('; ').map((directive) => [directive.split(' ')[0] ?? '', directive.split(' ').slice(1).join(' ')]));
}

describe('metrics page', () => {
  it('allows its own style sheet and its one script, and nothing else', () => {
    const page = metricsPage(parts);
    const nonce = /<script nonce="([^"]+)"/.exec(page)?.[1];
    assert.ok(nonce && nonce.length >= 22);
    assert.deepEqual(
      policyOf(page),
      new Map([
        ['default-src', "'none'"],
        ['style-src', 'https://host'],
        ['font-src', 'https://host'],
        ['script-src', `'nonce-${nonce}'`],
      ]),
    );
    assert.doesNotMatch(page, /unsafe-|\sstyle=|<style|\son\w+=/);
  });

  it('makes a new nonce each time', () => {
    assert.notEqual(metricsPage(parts), metricsPage(parts));
  });

  it('hands over texts that no character of theirs can break out of', () => {
    const page = metricsPage(parts);
    assert.ok(page.includes('data-texts="{&quot;title&quot;:&quot;Said \\&quot;so\\&quot; &amp; &lt;b&gt;&quot;}"'));
  });
});
