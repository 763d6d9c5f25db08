import type { Locator, Page } from 'playwright-core';

export type Point = { readonly x: number; readonly y: number };
export type PortPlace = { readonly node: string; readonly port: string };

/** A node of the drawing by its title, which stands at the start of its name. */
export function findNode(page: Page, title: string): Locator {
  return page.getByRole('article', { name: new RegExp(`^${title}[、,]`) });
}

export function findPort(page: Page, side: 'input' | 'output', { node, port }: PortPlace): Locator {
  const handle = side === 'input' ? '.target' : '.source';
  return findNode(page, node)
    .getByLabel(new RegExp(`^${port} ?[（(]`))
    .and(page.locator(handle));
}

export async function openFamily(page: Page, family: string): Promise<void> {
  const button = page.getByRole('button', { name: new RegExp(`^${family}\\s*[、,]`) });
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
}

/** Drags a node type out of the palette and drops it so that the node's upper edge is at `place` of the canvas. */
export async function dragFromPalette(page: Page, type: string, place: Point): Promise<void> {
  const palette = page.getByRole('navigation', { name: /^(部品の一覧|Palette)$/ });
  const canvas = page.getByRole('main');
  await palette.getByRole('button', { name: type, exact: true }).dragTo(canvas, { targetPosition: place });
  await findNode(page, type).waitFor();
}

/** Pulls a wire by the mouse, and lets it go over the other port. */
export async function pullWire(page: Page, from: PortPlace, to: PortPlace): Promise<void> {
  const start = await middleOf(findPort(page, 'output', from));
  const end = await middleOf(findPort(page, 'input', to));
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}

/** By family of the palette, the node type, and where on the canvas it is dropped. */
export type PlacedNode = readonly [family: string, type: string, place: Point];
export type DrawnWire = readonly [from: string, output: string, to: string, input: string];

/** Drags nodes out of the palette, one by one. */
export async function placeNodes(page: Page, nodes: readonly PlacedNode[]): Promise<void> {
  for (const [family, type, place] of nodes) {
    await openFamily(page, family);
    await dragFromPalette(page, type, place);
  }
}

/** Connects nodes, each wire pulled from port to port. */
export async function drawWires(page: Page, wires: readonly DrawnWire[]): Promise<void> {
  for (const [from, output, to, input] of wires) {
    await pullWire(page, { node: from, port: output }, { node: to, port: input });
  }
}

/** All wires of the drawing. */
export function findWires(page: Page): Locator {
  return page.getByRole('main').getByLabel(/への線（|^Wire from /);
}

/** A setting in the inspector, by its label. */
export function findSetting(page: Page, label: string): Locator {
  return findInspector(page).getByLabel(label, { exact: false }).first();
}

export function findInspector(page: Page): Locator {
  return page.getByRole('complementary', { name: /^(詳細|Inspector)$/ });
}

/** The line that says whether everything is saved, and as which revision. */
export function findSaveStatus(page: Page): Locator {
  return page.getByRole('banner').getByRole('status');
}

async function middleOf(element: Locator): Promise<Point> {
  const box = await element.boundingBox();
  if (box === null) throw new Error(`Not in the picture: ${element}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
