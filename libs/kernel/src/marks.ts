/** Metadata keys of the decorators. Registered globally, so that several copies of this library agree. */
export const HANDLER_MARK = Symbol.for('nestbox.handler');
export const SAGA_MARK = Symbol.for('nestbox.saga');

/** A class with decorated methods. */
export interface MarkedClass {
  readonly prototype: object;
}

/** Read from the global Reflect: code with decorators has loaded reflect-metadata; without it nothing is marked. */
const metadata = (key: symbol | string, target: object): unknown =>
  (Reflect as unknown as { getMetadata?(key: symbol | string, target: object): unknown }).getMetadata?.(key, target);

/** The marks of a class's handler methods, in source order. */
export function handlerMarksOn<Mark>({ prototype }: MarkedClass): { readonly method: string; readonly mark: Mark }[] {
  return Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const value: unknown = Object.getOwnPropertyDescriptor(prototype, method)?.value;
    const mark = typeof value === 'function' ? (metadata(HANDLER_MARK, value) as Mark | undefined) : undefined;
    return mark ? [{ method, mark }] : [];
  });
}

/** The saga of a class with `@Saga`; undefined for anything else. */
export function sagaMarkOn<Saga>(type: unknown): Saga | undefined {
  return typeof type === 'function' ? (metadata(SAGA_MARK, type) as Saga | undefined) : undefined;
}

/** The parts that a Nest module lists, by `@Module` or as a dynamic module. */
interface ListedParts {
  readonly controllers?: readonly unknown[];
  readonly providers?: readonly unknown[];
}

/** The controllers and providers of a Nest module, including those of its dynamic imports. */
export function partsOfModule(module: object): MarkedClass[] {
  const listed = (what: string) => (metadata(what, module) ?? []) as readonly unknown[];
  const dynamic = listed('imports').filter((one): one is ListedParts => typeof one === 'object' && one !== null);
  const imported = dynamic.flatMap(({ controllers = [], providers = [] }) => [...controllers, ...providers]);
  const parts = [...listed('controllers'), ...listed('providers'), ...imported];
  return parts.filter((part): part is (() => void) & MarkedClass => typeof part === 'function');
}
