import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { prepareEnvironment } from '../testing/prepare-environment.ts';
import { MarkdownView } from './markdown-view.tsx';

afterEach(cleanup);

test('a text is drawn of elements, with marks in their places', async () => {
  await prepareEnvironment();
  const text = '# 返金\n\n**14日**[1]以内です。\n\n| a |\n|--:|\n| b |\n\n3. c';
  const from = text.indexOf('[1]');
  render(<MarkdownView text={text} marks={[{ from, to: from + 3, shown: <button type="button">1</button> }]} />);
  expect(screen.getByRole('heading', { level: 4, name: '返金' })).toBeTruthy();
  expect(screen.getByRole('button').closest('p')?.textContent).toBe('14日1以内です。');
  expect(screen.getByRole('columnheader', { name: 'a' }).dataset.align).toBe('right');
  expect(screen.getByRole('figure', { name: '表' }).tabIndex).toBe(0);
  expect(screen.getByRole<HTMLOListElement>('list').start).toBe(3);
});

test('a link opens beside, and gives nothing away; nothing else becomes an element', async () => {
  await prepareEnvironment();
  const { container } = render(
    <MarkdownView text={'[a](https://example.com) <img src=x onerror=alert(1)> ![b](https://example.com/b.png)'} />,
  );
  const link = screen.getByRole('link', { name: 'a' });
  expect([link.getAttribute('href'), link.getAttribute('target')]).toEqual(['https://example.com/', '_blank']);
  expect(link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  expect(container.querySelector('img')).toBeNull();
  expect(container.textContent).toBe('a <img src=x onerror=alert(1)> b');
});

test('what is there stays while more comes in', async () => {
  await prepareEnvironment();
  const { container, rerender } = render(<MarkdownView text={'**a**\n\n- b'} />);
  const [strong, item] = [container.querySelector('strong'), container.querySelector('li')];
  rerender(<MarkdownView text={'**a**\n\n- b\n- c\n\n> d'} />);
  expect(container.querySelector('strong')).toBe(strong);
  expect(container.querySelector('li')).toBe(item);
});
