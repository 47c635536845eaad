import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Order } from '../domain/order.js';

@Injectable()
export class OrderRepository extends AggregateRepository<Order> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Order, unitOfWork, outbox);
  }
}
