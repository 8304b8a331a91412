# The layer, built on a base as old as the oldest that Lambda still runs, so that it starts on all of them:
#
#     docker build --output dist .          writes dist/aftercall-layer-<arch>.zip
#
# BASE needs a Python of 3.11 or newer with a shared libpython; AWS's own image has one and glibc 2.26.
ARG BASE=public.ecr.aws/lambda/python:3.11

FROM ${BASE} AS build
# Whichever package manager the base has.
RUN if command -v yum; then yum install -y gcc make binutils tar gzip; \
    elif command -v apt-get; then apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make binutils; fi
WORKDIR /aftercall
COPY . .
RUN make layer PYTHON=python3

FROM scratch AS layer
COPY --from=build /aftercall/dist/ /
