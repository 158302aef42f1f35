# One image for every process of Idlewise; the command says which one it is.
FROM node:24.21.0-bookworm-slim

WORKDIR /app
# Install scripts are not needed: the image brings Node, and no other production dependency must be built.
COPY package.json package-lock.json ./
# Neither types and source maps nor Temporal's core for other systems are ever read: 850 MB become 360.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

COPY activities ./activities
COPY clients ./clients
COPY compose ./compose
COPY config ./config
COPY decisions ./decisions
COPY domain ./domain
COPY ports ./ports
COPY providers ./providers
COPY schemas ./schemas
COPY workers ./workers
COPY workflows ./workflows

USER node
ENTRYPOINT ["node"]
CMD ["workers/main.ts", "orchestration"]
