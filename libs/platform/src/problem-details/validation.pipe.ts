import { BadRequestException, StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldError } from './problem.js';

const MOST_ERRORS = 20;
const LONGEST_TEXT = 200;

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

/** Validates `@Body({ schema })` and its siblings; a breach becomes a 400 that lists the fields. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new BadRequestException({
        code: 'VALIDATION_FAILED',
        message: 'The request breaks its schema: see errors.',
        errors: issues.slice(0, MOST_ERRORS).map(toFieldError),
      }),
  });
}

/** Shortened, because it contains key names that the sender chose. */
function toFieldError({ path = [], message }: Issue): FieldError {
  const steps = path.map((step) => String(typeof step === 'object' ? step.key : step));
  return { path: steps.join('.').slice(0, LONGEST_TEXT), message: message.slice(0, LONGEST_TEXT) };
}
