/** Under these keys decorators leave what they say about a method or a class: the same for every copy of this library. */
export const HANDLER_MARK = Symbol.for('nestbox.handler');
export const SAGA_MARK = Symbol.for('nestbox.saga');

/** Something with decorated methods. */
export interface MarkedClass {
  readonly prototype: object;
}

/** Global because whoever decorates has loaded reflect-metadata; without it nothing is marked. */
const metadata = (key: symbol | string, target: object): unknown =>
  (Reflect as unknown as { getMetadata?(key: symbol | string, target: object): unknown }).getMetadata?.(key, target);

/** The mark of every handler method of a class, in the order in which they stand there. */
export function handlerMarksOn<Mark>({ prototype }: MarkedClass): { readonly method: string; readonly mark: Mark }[] {
  return Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const value: unknown = Object.getOwnPropertyDescriptor(prototype, method)?.value;
    const mark = typeof value === 'function' ? (metadata(HANDLER_MARK, value) as Mark | undefined) : undefined;
    return mark ? [{ method, mark }] : [];
  });
}

/** The saga that a class is the place of; undefined for any other class, and for what is none. */
export function sagaMarkOn<Saga>(type: unknown): Saga | undefined {
  return typeof type === 'function' ? (metadata(SAGA_MARK, type) as Saga | undefined) : undefined;
}

/** What a Nest module lists, by `@Module` or as a dynamic module. */
interface ListedParts {
  readonly controllers?: readonly unknown[];
  readonly providers?: readonly unknown[];
}

/** The classes that a Nest module lists as controllers and providers, those of its dynamic imports included. */
export function partsOfModule(module: object): MarkedClass[] {
  const listed = (what: string) => (metadata(what, module) ?? []) as readonly unknown[];
  const dynamic = listed('imports').filter((one): one is ListedParts => typeof one === 'object' && one !== null);
  const imported = dynamic.flatMap(({ controllers = [], providers = [] }) => [...controllers, ...providers]);
  const parts = [...listed('controllers'), ...listed('providers'), ...imported];
  return parts.filter((part): part is (() => void) & MarkedClass => typeof part === 'function');
}
