import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTemplateVariables, renderTemplate } from './template.ts';

describe('templates', () => {
  it('find variables of any script, once each, in order', () => {
    expect(readTemplateVariables('{{質問}} {{ passages }} {{質問}} {{履歴ー2}} {{_x}}')).toEqual([
      '質問',
      'passages',
      '履歴ー2',
      '_x',
    ]);
  });

  it('take everything else for text', () => {
    expect(readTemplateVariables('{{}} {{1a}} {{a.b}} {{#if x}} {a} {{a b}}')).toEqual([]);
  });

  it('know a name in whatever form its accents are written', () => {
    const decomposed = '{{か\u3099}}';
    expect(readTemplateVariables(decomposed)).toEqual(['が']);
    expect(renderTemplate(decomposed, { が: 'よし' })).toBe('よし');
  });

  it('never read a value as a template', () => {
    expect(renderTemplate('{{a}}{{b}}', { a: '{{b}}', b: '$&' })).toBe('{{b}}$&');
  });

  it('leave unknown variables standing, also those named like what every object has', () => {
    expect(renderTemplate('{{toString}} {{x}}', {})).toBe('{{toString}} {{x}}');
  });

  it('leave text without variables as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('{{'));
        return renderTemplate(text, {}) === text && readTemplateVariables(text).length === 0;
      }),
    );
  });
});
