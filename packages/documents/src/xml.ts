import { posix } from 'node:path';
import { Parser } from 'htmlparser2';
import type { ZipContainer } from './zip.ts';

export type XmlAttributes = Readonly<Record<string, string>>;

export type XmlHandler = {
  /** `name` is without its namespace prefix. */
  open?(name: string, attributes: XmlAttributes): void;
  text?(text: string): void;
  close?(name: string): void;
};

/** Reads XML as a stream of tags. Document types and the entities that they declare are not looked at, so none expand. */
export function walkXml(xml: string, handler: XmlHandler): void {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handler.open?.(localName(name), attributes),
      ontext: (text) => handler.text?.(text),
      onclosetag: (name) => handler.close?.(localName(name)),
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(xml);
  parser.end();
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

export type Relationship = { readonly type: string; readonly target: string };

/** Relationships of a part of an Office document (ECMA-376 part 2), by id; targets are names of members. */
export async function readRelationships(zip: ZipContainer, part: string): Promise<ReadonlyMap<string, Relationship>> {
  const relationships = new Map<string, Relationship>();
  const xml = await zip.readXml(posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`));
  walkXml(xml ?? '', {
    open(name, { Id, Type = '', Target, TargetMode }) {
      if (name !== 'Relationship' || Id === undefined || Target === undefined || TargetMode === 'External') return;
      relationships.set(Id, { type: posix.basename(Type), target: resolveMember(part, Target) });
    },
  });
  return relationships;
}

/** The member that `target`, written in the member `from`, means. */
export function resolveMember(from: string, target: string): string {
  const path = target.split('#', 1)[0] ?? '';
  return path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path);
}
