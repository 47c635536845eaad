import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Order } from '../domain/order.js';

@Injectable()
export class OrderRepository extends AggregateRepository<Order> {
  constructor(@Inject(UnitOfWork) unitOfWork: UnitOfWork, @Inject(Outbox) outbox: Outbox) {
    super(Order, unitOfWork, outbox);
  }
}
