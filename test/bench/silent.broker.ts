import { Broker } from '@nestbox/eventing';
import type { Subscription } from '@nestbox/eventing';

/** Takes everything and keeps nothing: measures what stands before the broker. */
export class SilentBroker extends Broker {
  override readonly system = 'silent';
  override connect = async () => undefined;
  override ensureTopics = async () => undefined;
  override publish = async () => undefined;
  override lag = async () => [];
  override owned = async () => [];
  override bounds = async () => [];
  override offsetsAt = async () => [];
  override read = async () => undefined;
  override seek = async () => undefined;
  override forgetGroup = async () => undefined;
  override problem = async () => undefined;
  override close = async () => undefined;
  override subscribe = async (): Promise<Subscription> => ({
    assigned: () => [],
    problem: () => undefined,
    stop: async () => undefined,
  });
}
