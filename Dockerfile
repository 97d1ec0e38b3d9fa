# krun in a small image without Swift: docker build -t krun . && docker run --rm -v "$PWD:/work" krun scenarios
#
# --build-arg KRUN_COMMIT="$(git rev-parse HEAD)" has `krun --version` tell the commit, and --build-arg SOURCE_DATE_EPOCH="$(git log -1
# --format=%ct)" dates what is inside; the sources come without .git.
FROM swift:6.3.1-bookworm AS build
ARG KRUN_COMMIT=""
ARG SOURCE_DATE_EPOCH=0
WORKDIR /src
COPY scripts/setup.sh scripts/setup.sh
RUN scripts/setup.sh patchelf python3
COPY . .
RUN make release \
    && scripts/dist.sh --tarball-only \
    && mkdir /krun \
    && tar -xzf .build/dist/krun-*-linux-*.tar.gz --strip-components=1 -C /krun

FROM debian:bookworm-slim
# The authorities that TLS trusts; everything else that krun needs is with it.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /krun/ /usr/local/
LABEL org.opencontainers.image.title="krun" \
      org.opencontainers.image.description="Declarative Kafka scenarios" \
      org.opencontainers.image.licenses="Apache-2.0"
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["krun"]
CMD ["--help"]
