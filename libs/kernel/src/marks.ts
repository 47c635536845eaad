/** Under these keys decorators leave what they say about a method or a class: the same for every copy of this library. */
export const HANDLER_MARK = Symbol.for('nestbox.handler');
export const SAGA_MARK = Symbol.for('nestbox.saga');

/** Something with decorated methods. */
export interface MarkedClass {
  readonly prototype: object;
}

/** Global because whoever decorates has loaded reflect-metadata; without it nothing is marked. */
const metadata = (key: symbol, target: object): unknown =>
  (Reflect as unknown as { getMetadata?(key: symbol, target: object): unknown }).getMetadata?.(key, target);

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
