# One image for all processes: the command decides which (npm start, npm run data-plane, npm run worker).
FROM node:24-slim AS build
WORKDIR /srv/tenantry
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 NEXT_TELEMETRY_DISABLED=1
WORKDIR /srv/tenantry
COPY --from=build --chown=node:node /srv/tenantry ./
USER node
EXPOSE 3000 8080
CMD ["npm", "start"]
