export { OrderCancelled } from './checkout/order-cancelled.v1.js';
export { OrderPlaced } from './checkout/order-placed.v1.js';
export { cents, email, MAX_LINES, orderId, quantity, sku, userId } from './fields.js';
export { ProductListed } from './inventory/product-listed.v1.js';
export { StockRejected } from './inventory/stock-rejected.v1.js';
export { StockReleased } from './inventory/stock-released.v1.js';
export { StockReserved } from './inventory/stock-reserved.v1.js';
export { topics } from './topics.js';
