/**
 * Fields of a parsed answer that the vendor's models do not know, as paths. The models copy unknown fields, so what they
 * do know is read from the source of their `init`.
 */
export function unknownFields(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownFields(item, `${path}[${index}]`));
  if (value === null || typeof value !== 'object') return [];
  const known = knownFields(value);
  return Object.entries(value).flatMap(([name, field]) => {
    const here = `${path}.${name}`;
    // The client's own mark of the class that it chose by `type`.
    if (name === 'discriminator') return [];
    // The echo of a request is free.
    if (known && !known.has(name)) return [here];
    return name === 'data' || name === 'metadata' ? [] : unknownFields(field, here);
  });
}

/** What the class of a model and the classes above it read; undefined for a plain object. */
function knownFields(model: object): Set<string> | undefined {
  const known = new Set<string>();
  for (
    let proto: unknown = Object.getPrototypeOf(model);
    hasInit(proto);
    proto = Object.getPrototypeOf(proto)
  ) {
    for (const [, name = ''] of proto.init.toString().matchAll(/data\["(\w+)"\]/g)) known.add(name);
  }
  return known.size > 0 ? known : undefined;
}

function hasInit(value: unknown): value is { init: () => void } {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, 'init');
}
