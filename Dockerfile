FROM node:24.11.1-bookworm-slim AS manifests
WORKDIR /shop
COPY package.json package-lock.json ./
COPY libs/access/package.json libs/access/
COPY libs/cli/package.json libs/cli/
COPY libs/consumer/package.json libs/consumer/
COPY libs/contracts/package.json libs/contracts/
COPY libs/database/package.json libs/database/
COPY libs/eventing/package.json libs/eventing/
COPY libs/kafka/package.json libs/kafka/
COPY libs/kernel/package.json libs/kernel/
COPY libs/messaging/package.json libs/messaging/
COPY libs/operations/package.json libs/operations/
COPY libs/outbox/package.json libs/outbox/
COPY libs/platform/package.json libs/platform/
COPY libs/postgres-log/package.json libs/postgres-log/
COPY libs/projections/package.json libs/projections/
COPY libs/sagas/package.json libs/sagas/
COPY libs/schema/package.json libs/schema/
COPY libs/telemetry/package.json libs/telemetry/

FROM manifests AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node tools/build.mjs

# Without optional packages: in a container PostgreSQL is another container, not the embedded one.
FROM manifests AS runtime
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /shop
COPY --from=runtime /shop/ ./
COPY --from=build /shop/libs/ libs/
COPY --from=build /shop/dist/apps/ dist/apps/
COPY tools/ tools/
USER node
# One image for every app: docker-compose.yml says which.
CMD ["node", "dist/apps/checkout/main.js"]
