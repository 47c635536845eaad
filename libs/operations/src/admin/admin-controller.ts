import { applyDecorators, Controller, StandardSchemaValidationPipe, UseGuards, UsePipes } from '@nestjs/common';
import { AdminGuard } from './admin.guard.js';

/** A controller at /admin/<path>, open only to bearers of a token whose role has the right that the method needs. */
export function AdminController(path: string): ClassDecorator {
  // Whatever pipes the app has: what comes in here is checked.
  return applyDecorators(
    Controller(`admin/${path}`),
    UseGuards(AdminGuard),
    UsePipes(new StandardSchemaValidationPipe()),
  );
}
