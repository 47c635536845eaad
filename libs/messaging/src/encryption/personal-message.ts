import type { SubjectKey } from './subject-keys.js';

/** A message that can be encoded once the key of the person in it is known. */
export interface PersonalMessage<Encoded> {
  /** The id of the person. */
  readonly subject: string;
  readonly encryptedWith: (key: SubjectKey) => Encoded;
}

export function isPersonal<Encoded extends object>(message: Encoded | PersonalMessage<Encoded>): message is PersonalMessage<Encoded> {
  return 'encryptedWith' in message;
}
