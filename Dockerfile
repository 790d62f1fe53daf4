# syntax=docker/dockerfile:1
# One image for every program: the command chooses (api, worker, cli).
# `sh deploy/pin-images.sh` writes the present digest of Node 24 into it.

FROM node:24-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/lib ./scripts/lib
# No package runs a script of its own; those that are needed on this platform are run by name.
RUN npm ci --include=dev && node scripts/lib/install-scripts.mjs
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY apps ./apps
COPY libs ./libs
COPY docs ./docs
COPY clients ./clients
COPY README.md CHANGELOG.md CONTRIBUTING.md ./
RUN node scripts/build.mjs
RUN npm prune --omit=dev

FROM node:24-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20
ENV NODE_ENV=production \
    DROVER_DATA_DIR=/var/lib/drover
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE CHANGELOG.md ./
COPY bin ./bin
COPY scripts/lib/node-version.mjs ./scripts/lib/node-version.mjs
COPY deploy/healthcheck.mjs ./deploy/healthcheck.mjs
RUN mkdir -p /var/lib/drover && chown node:node /var/lib/drover
# The C library returns large buffers of the API at once (API_ENVIRONMENT in libs/config).
ENV MALLOC_MMAP_THRESHOLD_=131072
USER node
VOLUME /var/lib/drover
EXPOSE 8080
ENTRYPOINT ["node"]
CMD ["--max-semi-space-size=8", "dist/apps/api/src/main.js"]
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=20s CMD ["node", "deploy/healthcheck.mjs", "/readyz"]
