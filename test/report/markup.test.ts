import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, outsideLink, visibleText } from '../../src/report/markup.ts';

describe('markup', () => {
  it('escapes every text in a hole and takes other markup as it is', () => {
    const hostile = `<img src=x onerror="x">'&`;
    expect(String(html`<p title="${hostile}">${[hostile, html`<b>1</b>`, 2, false, undefined]}</p>`)).toBe(
      '<p title="&lt;img src=x onerror=&quot;x&quot;&gt;&#39;&amp;">&lt;img src=x onerror=&quot;x&quot;&gt;&#39;&amp;<b>1</b>2</p>',
    );
  });

  it('lets no text open a tag, end an attribute or steer the direction', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        expect(String(html`${text}`)).not.toMatch(/[<>"'\u202a-\u202e\u2066-\u2069]|(?![\t\n])\p{Cc}/u);
      }),
    );
  });

  it('spells out what a reader cannot see, and keeps what writing needs', () => {
    expect(visibleText('a\u0000b\u001Bc\u202Ed\u2066e\uFEFFf\uD800g')).toBe(
      'a\u2400b\u241Bc⟨U+202E⟩d⟨U+2066⟩e⟨U+FEFF⟩f⟨U+D800⟩g',
    );
    expect(visibleText('one\r\ntwo\rthree\t👩‍👩‍👧 שלום\u200F!')).toBe('one\ntwo\nthree\t👩‍👩‍👧 שלום\u200F!');
  });

  it.each([
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//evil.example',
    'nonsense',
    '',
  ])('shows the address %j as text', (address) => {
    expect(String(outsideLink(address, 'label'))).not.toContain('href');
  });

  it('links web addresses without telling them where the reader came from', () => {
    const link = String(outsideLink('https://a.example/"onclick="x', 'A <b>'));
    expect(link).toContain('href="https://a.example/%22onclick=%22x"');
    expect(link).toContain('rel="noreferrer noopener nofollow"');
    expect(link).toContain('A &lt;b&gt;');
  });
});
