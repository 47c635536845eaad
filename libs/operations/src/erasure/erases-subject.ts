import 'reflect-metadata';

const ERASES = Symbol('nestbox.erases-subject');

export type Eraser = (subject: string) => Promise<void>;

/**
 * Marks a provider's method that erases a person from its context's own tables. It is called in a unit of work with the
 * person's id as in the contracts, possibly more than once.
 */
export function ErasesSubject(): (target: object, key: string, descriptor: TypedPropertyDescriptor<Eraser>) => void {
  return (_target, _key, descriptor) => Reflect.defineMetadata(ERASES, true, descriptor.value!);
}

/** The marked methods of an instance, bound to it. */
export function erasersOf(instance: object): Eraser[] {
  const prototype = Object.getPrototypeOf(instance) as object | null;
  if (!prototype || prototype === Object.prototype) return [];
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as Eraser | undefined;
    return typeof method === 'function' && Reflect.hasMetadata(ERASES, method) ? [method.bind(instance)] : [];
  });
}
