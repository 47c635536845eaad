import { SetMetadata } from '@nestjs/common';
import type { Right } from './rights.js';

export const RIGHT = Symbol('nestbox.admin.right');

/** The right that a method of an AdminController takes. Without it nobody gets in. */
export const Needs = (right: Right) => SetMetadata(RIGHT, right);
