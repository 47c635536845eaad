import 'reflect-metadata';

const ERASES = Symbol('nestbox.erases-subject');

export type Eraser = (subject: string) => Promise<void>;

/**
 * Marks a provider's method that takes what its context knows of a person out of its own tables, in the unit of work in
 * which it is called. It is called with the person's id, as the contracts name it, and may be called more than once.
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
