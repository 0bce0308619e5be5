# Gleaner's worker, simulator and command line in one image. Debian, because Temporal's native part is not built for musl.
ARG NODE_IMAGE=node:24.18.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
# The workflow bundle is made here, so that a worker starts without webpack.
RUN npm run build && npx tsx scripts/build-bundle.ts dist

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Temporal's native part comes for five platforms, 28 MB each.
RUN npm ci --omit=dev --no-audit --no-fund \
  && npm cache clean --force \
  && arch=$(node -p "({ x64: 'x86_64', arm64: 'aarch64' })[process.arch]") \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$arch-unknown-linux-gnu" \
    -exec rm -r {} +

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# A volume that is mounted here for the first time takes over the owner.
RUN mkdir -p /var/lib/gleaner && chown node:node /var/lib/gleaner \
  && ln -s /app/dist/cli/main.js /usr/local/bin/gleaner && chmod +x /app/dist/cli/main.js
USER node
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["worker"]
