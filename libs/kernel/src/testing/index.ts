export { eventually } from './eventually.js';
export { specify } from './specify.js';
