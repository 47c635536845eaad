/** An error of Confluent's API. The code is the HTTP status, or five digits that start with it. */
export class RegistryError extends Error {
  constructor(
    readonly errorCode: number,
    message: string,
  ) {
    super(message);
    this.name = 'RegistryError';
  }

  get status(): number {
    return this.errorCode > 999 ? Math.floor(this.errorCode / 100) : this.errorCode;
  }
}

export const subjectNotFound = (subject: string) => new RegistryError(40401, `Subject '${subject}' not found.`);
export const versionNotFound = (version: number | string) => new RegistryError(40402, `Version ${version} not found.`);
export const schemaNotFound = (what = 'Schema not found') => new RegistryError(40403, what);
export const subjectSoftDeleted = (subject: string) =>
  new RegistryError(40404, `Subject '${subject}' was soft deleted. Set permanent=true to delete permanently`);
export const subjectNotSoftDeleted = (subject: string) =>
  new RegistryError(40405, `Subject '${subject}' was not deleted first before being permanently deleted`);
export const versionSoftDeleted = (subject: string, version: number) =>
  new RegistryError(40406, `Subject '${subject}' Version ${version} was soft deleted. Set permanent=true to delete permanently`);
export const versionNotSoftDeleted = (subject: string, version: number) =>
  new RegistryError(40407, `Subject '${subject}' Version ${version} was not deleted first before being permanently deleted`);
export const noSubjectLevel = (subject: string) =>
  new RegistryError(40408, `Subject '${subject}' does not have subject-level compatibility configured`);
export const noSubjectMode = (subject: string) =>
  new RegistryError(40409, `Subject '${subject}' does not have subject-level mode configured`);
export const incompatible = (subject: string, messages: readonly string[]) =>
  new RegistryError(409, `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${messages.join(', ')}]`);
export const invalidSchema = (why: string) => new RegistryError(42201, `Invalid schema: ${why}`);
export const invalidVersion = (version: string) =>
  new RegistryError(42202, `The specified version '${version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"`);
export const invalidLevel = () =>
  new RegistryError(42203, 'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive');
export const invalidMode = () => new RegistryError(42204, 'Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE and IMPORT');
export const notPermitted = (what: string) => new RegistryError(42205, what);
export const idTaken = (id: number) => new RegistryError(42205, `Overwrite new schema with id ${id} is not permitted.`);
export const versionTaken = (subject: string, version: number) =>
  new RegistryError(42205, `Version ${version} of subject ${subject} is another schema: a version is never given another one`);
export const tooComplex = (why: string) => new RegistryError(422, why);
export const tooBusy = () => new RegistryError(50302, 'Too many comparisons are waiting: try again later');
export const pathNotFound = () => new RegistryError(404, 'HTTP 404 Not Found');
export const referenced = (what: string) => new RegistryError(42206, `One or more references exist to the schema ${what}.`);
export const invalidRequest = (what: string) => new RegistryError(422, what);
