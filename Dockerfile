# One image for every process of Idlewise; the command says which one it is.
FROM node:24.21.0-bookworm-slim

WORKDIR /app
# Install scripts are not needed: the image brings Node, and no other production dependency must be built.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

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
