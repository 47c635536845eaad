import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CheckoutSettings } from '../checkout.settings.js';

/** Opens one order to whoever placed it as a guest. Nothing is stored: it is signed. */
@Injectable()
export class OrderSecrets {
  constructor(private readonly settings: CheckoutSettings) {}

  of(orderId: string): string {
    return this.sign(orderId).toString('base64url');
  }

  fits(orderId: string, secret: string): boolean {
    const given = Buffer.from(secret, 'base64url');
    const right = this.sign(orderId);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  private sign(orderId: string): Buffer {
    return createHmac('sha256', this.settings.orderSecretsKey).update(`order ${orderId}`).digest();
  }
}
