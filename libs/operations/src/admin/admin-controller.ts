import { AccessGuard } from '@nestbox/access';
import { applyDecorators, Controller, StandardSchemaValidationPipe, UseGuards, UsePipes } from '@nestjs/common';

/** A controller at /admin/<path>. Its methods need a token whose role has the right named by `@Needs`. */
export function AdminController(path: string): ClassDecorator {
  // The pipe is set here because an app may have no global one.
  return applyDecorators(
    Controller(`admin/${path}`),
    UseGuards(AccessGuard),
    UsePipes(new StandardSchemaValidationPipe()),
  );
}
